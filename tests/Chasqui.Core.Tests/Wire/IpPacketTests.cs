using System.Buffers.Binary;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class IpPacketTests
{
    private const int NotEct = 0, Ect1 = 1, Ect0 = 2, Ce = 3;

    [Theory]
    [InlineData(0x45, 20, 20, true)]
    [InlineData(0x45, 20, 32, true)] // padding follows
    [InlineData(0x45, 19, 32, false)]
    [InlineData(0x45, 0, 32, false)]
    [InlineData(0x45, 33, 32, false)]
    [InlineData(0x45, 65535, 1420, false)]
    [InlineData(0x45, 20, 19, false)]
    [InlineData(0x45, 20, 0, false)]
    [InlineData(0x44, 20, 32, false)] // header length below 5 words
    [InlineData(0x40, 20, 32, false)]
    [InlineData(0x46, 24, 24, true)]
    [InlineData(0x46, 23, 24, false)] // total length below the header's own
    [InlineData(0x4f, 60, 60, true)]
    [InlineData(0x4f, 59, 64, false)]
    [InlineData(0x55, 20, 64, false)] // no such version
    [InlineData(0x05, 20, 64, false)]
    [InlineData(0xf5, 20, 64, false)]
    public void AcceptsV4OnlyIfItsLengthsHold(byte first, int totalLength, int available, bool expected)
    {
        byte[] packet = new byte[available];
        if (available >= 4)
        {
            packet[0] = first;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)totalLength);
        }

        bool accepted = IpPacket.TryReadHeader(packet, out _, out _, out int length, out _);

        Assert.Equal(expected, accepted);
        Assert.True(!accepted || length == totalLength);
    }

    [Theory]
    [InlineData(0, 40, true)]
    [InlineData(0, 48, true)]
    [InlineData(8, 48, true)]
    [InlineData(9, 48, false)]
    [InlineData(65535, 48, false)]
    [InlineData(65535, 65575, true)]
    [InlineData(0, 39, false)]
    public void AcceptsV6OnlyIfItsLengthsHold(int payloadLength, int available, bool expected)
    {
        byte[] packet = new byte[available];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payloadLength);

        bool accepted = IpPacket.TryReadHeader(packet, out _, out _, out int length, out _);

        Assert.Equal(expected, accepted);
        Assert.True(!accepted || length == 40 + payloadLength);
    }

    [Theory]
    [InlineData("10.0.0.1", "192.168.77.2")]
    [InlineData("255.255.255.255", "0.0.0.0")]
    [InlineData("fd00::1", "2001:db8::1:2:3")]
    public void ReadsTheAddresses(string from, string to)
    {
        byte[] packet = Packet(from, to, trafficClass: 0xb9);

        Assert.True(IpPacket.TryReadHeader(packet, out IpAddress source, out IpAddress destination, out _, out byte trafficClass));
        Assert.True(IpPacket.TryReadDestination(packet, out IpAddress fast));
        Assert.Equal(from, source.ToString());
        Assert.Equal(to, destination.ToString());
        Assert.Equal(destination, fast);
        Assert.Equal(0xb9, trafficClass);
        Assert.Equal(0xb9, IpPacket.TrafficClass(packet));
    }

    [Theory]
    [InlineData(0x45, 19, false)]
    [InlineData(0x45, 20, true)]
    [InlineData(0x60, 39, false)]
    [InlineData(0x60, 40, true)]
    [InlineData(0x50, 40, false)]
    [InlineData(0x00, 0, false)]
    public void DestinationNeedsAWholeHeader(byte first, int available, bool expected)
    {
        byte[] packet = new byte[available];
        packet.AsSpan(0, Math.Min(1, available)).Fill(first);

        Assert.Equal(expected, IpPacket.TryReadDestination(packet, out _));
    }

    [Theory]
    [InlineData(NotEct, NotEct)]
    [InlineData(Ect1, Ect1)]
    [InlineData(Ect0, Ect0)]
    [InlineData(Ce, Ect0)]
    [InlineData(0xb8 | NotEct, NotEct)]
    [InlineData(0xb8 | Ect1, Ect1)]
    [InlineData(0xfc | Ect0, Ect0)]
    [InlineData(0xfc | Ce, Ect0)]
    public void OuterClassHasNoDscpAndTheInnerEcnWithoutTheMark(byte inner, byte expectedOuter) =>
        Assert.Equal(expectedOuter, IpPacket.EncapsulatedTrafficClass(inner));

    [Theory]
    [InlineData(NotEct, NotEct, false)]
    [InlineData(Ect1, Ce, true)]
    [InlineData(Ect0, Ce, true)]
    [InlineData(Ce, Ce, true)]
    public void MarksOnlyPacketsWhoseSenderUnderstands(int before, int after, bool isMarked)
    {
        (string, string)[] families = [("10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2")];
        foreach ((string from, string to) in families)
        {
            for (int dscp = 0; dscp < 64; dscp++)
            {
                byte[] packet = Packet(from, to, (byte)((dscp << 2) | before));
                byte[] expected = Packet(from, to, (byte)((dscp << 2) | after));

                Assert.Equal(isMarked, IpPacket.SetCongestionExperienced(packet));
                Assert.Equal(expected, packet);
            }
        }
    }

    [Fact]
    public void MarkKeepsTheV4ChecksumRight()
    {
        const int Seed = 3;
        var random = new Random(Seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = new byte[4 * random.Next(5, 16)];
            random.NextBytes(packet);
            packet[0] = (byte)(0x40 | (packet.Length / 4));
            WriteV4Checksum(packet);
            byte[] expected = [.. packet];
            expected[1] |= (byte)((packet[1] & Ce) == NotEct ? 0 : Ce);
            WriteV4Checksum(expected);

            _ = IpPacket.SetCongestionExperienced(packet);

            Assert.True(expected.AsSpan().SequenceEqual(packet), $"seed {Seed}, round {i}");
        }
    }

    [Theory]
    [InlineData(0x00, false)]
    [InlineData(0x01, false)]
    [InlineData(0x02, false)]
    [InlineData(0x03, true)]
    [InlineData(0xfc, false)]
    [InlineData(0xff, true)]
    public void KnowsTheMark(byte trafficClass, bool expected) =>
        Assert.Equal(expected, IpPacket.IsCongestionExperienced(trafficClass));

    [Fact]
    public void NoBytesMakeItThrow()
    {
        const int Seed = 4;
        var random = new Random(Seed);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] packet = new byte[random.Next(0, 80)];
            random.NextBytes(packet);
            if (packet.Length > 0 && random.Next(4) != 0)
            {
                packet[0] = (byte)(random.Next(2) == 0 ? 0x45 : 0x60);
            }

            bool accepted = IpPacket.TryReadHeader(packet, out _, out _, out int length, out _);

            Assert.True(!accepted || (length >= 20 && length <= packet.Length), $"seed {Seed}, round {i}");
            Assert.True(!accepted || IpPacket.TryReadDestination(packet, out _), $"seed {Seed}, round {i}");
        }
    }

    private static byte[] Packet(string from, string to, byte trafficClass)
    {
        Assert.True(IpAddress.TryParse(from, out IpAddress source));
        Assert.True(IpAddress.TryParse(to, out IpAddress destination));
        byte[] packet = new byte[source.IsV4 ? 28 : 48];
        if (source.IsV4)
        {
            packet[0] = 0x45;
            packet[1] = trafficClass;
            packet[3] = (byte)packet.Length;
            _ = source.WriteBytes(packet.AsSpan(12));
            _ = destination.WriteBytes(packet.AsSpan(16));
            WriteV4Checksum(packet);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet, (6u << 28) | ((uint)trafficClass << 20) | 0xabcde);
            packet[5] = 8;
            _ = source.WriteBytes(packet.AsSpan(8));
            _ = destination.WriteBytes(packet.AsSpan(24));
        }

        return packet;
    }

    private static void WriteV4Checksum(Span<byte> packet)
    {
        packet[10] = packet[11] = 0;
        uint sum = 0;
        for (int i = 0; i < (packet[0] & 15) * 4; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~sum);
    }
}
