namespace Chasqui.Compare.Contenders;

/// <summary>The kernel's own WireGuard. It has no daemon: the kernel does the work, on whichever core has the time.</summary>
internal sealed class KernelWireGuard : IContender
{
    private const int Port = 51820;

    private readonly Lazy<string?> _refusal = new(static () => KernelSupport.Refusal("link", "add", "probe", "type", "wireguard"));

    /// <inheritdoc/>
    public string Name => "kernel-wireguard";

    /// <inheritdoc/>
    public string Version => $"Linux {Environment.OSVersion.Version}";

    /// <inheritdoc/>
    public string Note => $"ChaCha20-Poly1305, in the kernel; MTU {Lab.InnerMtu}";

    /// <inheritdoc/>
    public string? WhyAbsent =>
        Programs.Find("wg") is null ? "the tool wg, which configures it, is not installed"
        : _refusal.Value is string said ? $"this kernel has no WireGuard (ip link add type wireguard: {said})"
        : null;

    /// <inheritdoc/>
    public void Start(Lab lab)
    {
        var keys = WireGuardKeys.Make(lab);
        foreach (End end in (End[])[End.Left, End.Right])
        {
            lab.RunIp(end, $"link add {Lab.Interface(end)} type wireguard");
            keys.Configure(lab, end, Port);
        }

        lab.WaitForPing();
    }

    /// <inheritdoc/>
    public IEnumerable<int> Daemons(Lab lab) => [];
}
