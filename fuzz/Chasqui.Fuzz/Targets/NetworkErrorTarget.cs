using Chasqui.Fuzz.Engine;
using Chasqui.Linux;
using Chasqui.Linux.Icmp;

namespace Chasqui.Fuzz.Targets;

/// <summary>What the daemon hears of datagrams that did not arrive.</summary>
internal sealed class NetworkErrorTarget : IFuzzTarget
{
    public string Name => "neterror";

    public string Summary => "UnreachableMessage over any packet: one of four errors, with ports and address as they are quoted, or nothing";

    public int MaxLength => 256;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, 3, 3, 0, 0, 0, 0, 0, 0, 0x45, .. new byte[8], 17, .. new byte[6], 10, 0, 0, 2, 0xCA, 0x6C, 0, 9, 0, 8, 0, 0],
        [1, 1, 4, 0, 0, 0, 0, 0, 0, 0x60, .. new byte[5], 17, 64, .. new byte[32], 0xCA, 0x6C, 0, 9, 0, 8, 0, 0],
        [1, 2, 0, 0, 0, 0, 0, 5, 0, 0x60, .. new byte[5], 17, 64, .. new byte[32], 0xCA, 0x6C, 0, 9, 0, 8, 0, 0],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [[0x45], [0x4F], [3], [17], [0xCA, 0x6C]];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        bool isV6 = (reader.Byte() & 1) == 1;
        byte[] packet = reader.Rest.ToArray();
        bool isRead = UnreachableMessage.TryRead(packet, isV6, out NetworkError error);
        byte[] longer = [.. packet, .. new byte[64]];
        bool isReadAgain = UnreachableMessage.TryRead(longer.AsSpan(0, packet.Length), isV6, out NetworkError again);
        Check.That(isRead == isReadAgain && error == again);
        if (!isRead)
        {
            Check.That(error == default);
            return;
        }

        Check.That(error.Errno is Errno.ECONNREFUSED or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.EMSGSIZE);
        Check.That(error.Remote.IsV6 == isV6);
        byte[] ports = [(byte)(error.LocalPort >> 8), (byte)error.LocalPort, (byte)(error.Remote.Port >> 8), (byte)error.Remote.Port];
        Check.That(packet.AsSpan().IndexOf(ports) >= 0, "the ports are quoted");
    }
}
