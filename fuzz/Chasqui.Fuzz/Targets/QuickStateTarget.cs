using System.Text;
using Chasqui.Fuzz.Engine;
using Chasqui.Quick;

namespace Chasqui.Fuzz.Targets;

/// <summary>What a reload reads about the state of the machine: our notes, and the listings of packet filters.</summary>
internal sealed class QuickStateTarget : IFuzzTarget
{
    private const string Marker = "--comment \"wg-quick(8) rule for wg0\"";

    public string Name => "quickstate";

    public string Summary => "an interface's note reads the same when it is written again; a packet filter's listing gives addresses only";

    public int MaxLength => 1024;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "index=7\ntable=auto\ndns=10.8.0.1 fd00::1\nsearch=lan\nhooks=00\nleaving=10.2.0.0/16 51820\nendpoint=GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU= [fd00::9]:51820\n"u8],
        [.. "iifname != \"wg0\" ip6 daddr fd00:8::2 fib saddr type != 2 drop\nmeta l4proto 17 meta mark 0x0000ca6c ct mark set meta mark\n"u8],
        [.. "-A PREROUTING -d 10.8.0.2/32 ! -i wg0 -m comment --comment \"wg-quick(8) rule for wg0\" -j DROP\n-A POSTROUTING --mark 0xca6c --comment \"wg-quick(8) rule for wg0\"\n"u8],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "index=", "table=", "leaving=", "endpoint=", "\n", " ", "=", "daddr ", "mark 0x", "-d ", "--mark ", "/32" }.Select(Encoding.ASCII.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        if (QuickNote.Parse(text) is { } note)
        {
            Check.That(note.Index != 0);
            QuickNote? again = QuickNote.Parse(note.ToString());
            Check.That(again is not null);
            Check.Same(again.ToString(), note.ToString());
        }

        CheckAddresses(FirewallState.ParseNft(text));
        CheckAddresses(FirewallState.ParseIptables(text, Marker));
    }

    private static void CheckAddresses(FirewallState? state)
    {
        foreach (string address in state?.Addresses ?? [])
        {
            Check.That(System.Net.IPAddress.TryParse(address, out System.Net.IPAddress? read) && read.ToString() == address);
        }
    }
}
