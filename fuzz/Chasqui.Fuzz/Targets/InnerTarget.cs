using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>The headers of inner packets.</summary>
internal sealed class InnerTarget : IFuzzTarget
{
    private readonly GuardedBytes _packet = new(2048);

    public string Name => "inner";

    public string Summary => "IpPacket over any bytes: lengths, addresses, and an ECN mark that leaves the checksum right";

    public int MaxLength => 2048;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. new PacketRecipe { IsTcp = true, TrafficClass = 1 }.Packet([1, 2, 3])],
        [.. new PacketRecipe { IsV6 = true, TrafficClass = 2 }.Packet([1, 2, 3]), 0, 0, 0],
    ];

    public IReadOnlyList<byte[]> Tokens => [];

    public void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> packet = _packet.Begin(input, 0xA5);
        bool isRead = IpPacket.TryReadHeader(packet, out IpAddress source, out IpAddress destination, out int length, out byte trafficClass);
        bool hasDestination = IpPacket.TryReadDestination(packet, out IpAddress routed);
        Check.That(!isRead || hasDestination);
        Check.That(isRead == NaiveIp.IsPadded(packet, out int expectedLength));
        if (!isRead)
        {
            return;
        }

        bool isV6 = NaiveIp.IsV6(packet);
        Check.That(length == expectedLength);
        Check.That(destination == routed);
        Check.That(source == IpAddress.FromBytes(isV6 ? packet[8..24] : packet[12..16]));
        Check.That(destination == IpAddress.FromBytes(isV6 ? packet[24..40] : packet[16..20]));
        Check.That(trafficClass == (isV6 ? (byte)((packet[0] << 4) | (packet[1] >> 4)) : packet[1]));
        Check.That(IpPacket.TrafficClass(packet) == trafficClass);
        CheckMark(input, packet[..length], isV6, trafficClass);
        _packet.CheckFences(input.Length);
    }

    private static void CheckMark(ReadOnlySpan<byte> before, Span<byte> packet, bool isV6, byte trafficClass)
    {
        bool wasSound = NaiveIp.IsHeaderSound(packet);
        bool isMarked = IpPacket.SetCongestionExperienced(packet);
        byte marked = IpPacket.TrafficClass(packet);
        Check.That(isMarked == ((trafficClass & 3) != 0));
        Check.That(marked == (isMarked ? trafficClass | 3 : trafficClass));
        Check.That(!wasSound || NaiveIp.IsHeaderSound(packet));
        for (int i = 0; i < packet.Length; i++)
        {
            bool mayChange = i == 1 || (!isV6 && i is 10 or 11);
            Check.That(packet[i] == before[i] || mayChange);
        }
    }
}
