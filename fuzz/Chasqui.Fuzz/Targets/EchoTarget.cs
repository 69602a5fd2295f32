using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Icmp;

namespace Chasqui.Fuzz.Targets;

/// <summary>What a raw socket of ping gets.</summary>
internal sealed class EchoTarget : IFuzzTarget
{
    private const ushort Identifier = 0x0102;

    public string Name => "echo";

    public string Summary => "EchoMessage over any packet: an answer only to a request of ours, the same whatever lies behind the packet";

    public int MaxLength => 256;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, 0, 0, 0, 0, 1, 2, 0, 7],
        [0, 0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, 3, 4, 0, 0, 0, 0, 5, 0, 0x45, .. new byte[8], 1, .. new byte[10], 8, 0, 0, 0, 1, 2, 0, 7],
        [1, 129, 0, 0, 0, 1, 2, 0, 7],
        [1, 2, 0, 0, 0, 0, 0, 5, 0, 0x60, .. new byte[5], 58, .. new byte[33], 128, 0, 0, 0, 1, 2, 0, 7],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [[1, 2], [0x45], [0x4F], [58], [128], [129]];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        bool isV6 = (reader.Byte() & 1) == 1;
        byte[] packet = reader.Rest.ToArray();
        bool isRead = EchoMessage.TryRead(packet, isV6, Identifier, default, out EchoAnswer answer);
        byte[] longer = [.. packet, .. new byte[64]];
        bool isReadAgain = EchoMessage.TryRead(longer.AsSpan(0, packet.Length), isV6, Identifier, default, out EchoAnswer again);
        Check.That(isRead == isReadAgain && answer == again);
        if (isRead)
        {
            Check.That(packet.AsSpan().IndexOf((ReadOnlySpan<byte>)[Identifier >> 8, Identifier & 255]) >= 0, "the identifier is in it");
            Check.That(answer.Mtu is >= 0 and <= ushort.MaxValue);
        }
    }
}
