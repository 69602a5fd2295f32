using System.Security.Cryptography;

namespace Chasqui.Compare.Contenders;

/// <summary>The kernel's own ESP in tunnel mode between the hosts, with keys set by hand: no IKE, no daemon.</summary>
/// <param name="name">The contender's name.</param>
/// <param name="algorithm">The kernel's name of the AEAD.</param>
/// <param name="keyBytes">The length of its key with the salt.</param>
internal sealed class KernelIpsec(string name, string algorithm, int keyBytes) : IContender
{
    private readonly Lazy<string?> _refusal = new(() => KernelSupport.Refusal(State(End.Left, algorithm, new byte[keyBytes]).Split(' ')));

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Version => $"Linux {Environment.OSVersion.Version}";

    /// <inheritdoc/>
    public string Note => $"{algorithm}, ESP in the kernel, tunnel mode, keys set by hand; MTU {Lab.InnerMtu}";

    /// <inheritdoc/>
    public string? WhyAbsent => _refusal.Value is string said ? $"this kernel has no ESP with {algorithm} (ip xfrm state add: {said})" : null;

    /// <inheritdoc/>
    public void Start(Lab lab)
    {
        byte[][] keys = [RandomNumberGenerator.GetBytes(keyBytes), RandomNumberGenerator.GetBytes(keyBytes)];
        foreach (End end in (End[])[End.Left, End.Right]) lab.RunIp(end, Commands(end, algorithm, keys));
        lab.WaitForPing();
    }

    /// <inheritdoc/>
    public IEnumerable<int> Daemons(Lab lab) => [];

    /// <summary>What ip(8) is told on an end: both directions' states, their policies, the inner address, and the route with the tunnel's MTU.</summary>
    /// <param name="end">Which end.</param>
    /// <param name="algorithm">The kernel's name of the AEAD.</param>
    /// <param name="keys">A key for each sender, left's first.</param>
    internal static IEnumerable<string> Commands(End end, string algorithm, byte[][] keys)
    {
        End other = Lab.Other(end);
        return
        [
            State(End.Left, algorithm, keys[0]),
            State(End.Right, algorithm, keys[1]),
            Policy(end, "out"),
            Policy(other, "in"),
            $"address add {Lab.Inner(end)}/32 dev lo",
            $"route add {Lab.Inner(other)}/32 dev eth0 src {Lab.Inner(end)} mtu {Lab.InnerMtu}",
        ];
    }

    /// <summary>What one host sends: its number, its key, and a tag of 128 bits.</summary>
    private static string State(End from, string algorithm, byte[] key) =>
        $"xfrm state add {Ends(from)} proto esp spi {0x100 + (int)from} mode tunnel replay-window 64 aead {algorithm} 0x{Convert.ToHexStringLower(key)} 128";

    private static string Policy(End from, string direction) =>
        $"xfrm policy add src {Lab.Inner(from)}/32 dst {Lab.Inner(Lab.Other(from))}/32 dir {direction} tmpl {Ends(from)} proto esp mode tunnel";

    private static string Ends(End from) => $"src {Lab.Outer(from)} dst {Lab.Outer(Lab.Other(from))}";
}
