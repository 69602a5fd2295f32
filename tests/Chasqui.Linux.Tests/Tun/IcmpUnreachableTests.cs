using System.Buffers.Binary;
using System.Net;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

public class IcmpUnreachableTests
{
    private const int Icmp = 1, IcmpV6 = 58;

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(508)]
    [InlineData(509)]
    [InlineData(1400)]
    public void AnswersIpv4FromTheDestination(int payloadLength)
    {
        byte[] packet = new TunPackets().Packet(TunPackets.RandomBytes(new Random(1), payloadLength));

        byte[] answer = Build(packet);

        Assert.Equal(Math.Min(576, 28 + packet.Length), answer.Length);
        Assert.Equal(answer.Length, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2)));
        Assert.Equal(packet.AsSpan(16, 4), answer.AsSpan(12, 4));
        Assert.Equal(packet.AsSpan(12, 4), answer.AsSpan(16, 4));
        Assert.Equal((1, 3, 1), (answer[9], answer[20], answer[21]));
        Assert.Equal(packet.AsSpan(0, answer.Length - 28), answer.AsSpan(28));
        Assert.Equal(0xFFFF, NaiveChecksum.Sum(answer.AsSpan(0, 20)));
        Assert.Equal(0xFFFF, NaiveChecksum.Sum(answer.AsSpan(20)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1172)]
    [InlineData(1173)]
    [InlineData(1400)]
    public void AnswersIpv6FromTheDestination(int payloadLength)
    {
        byte[] packet = new TunPackets { IsV6 = true }.Packet(TunPackets.RandomBytes(new Random(2), payloadLength));

        byte[] answer = Build(packet);

        Assert.Equal(Math.Min(1280, 48 + packet.Length), answer.Length);
        Assert.Equal(answer.Length - 40, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(4)));
        Assert.Equal(packet.AsSpan(24, 16), answer.AsSpan(8, 16));
        Assert.Equal(packet.AsSpan(8, 16), answer.AsSpan(24, 16));
        Assert.Equal((58, 1, 3), (answer[6], answer[40], answer[41]));
        Assert.Equal(packet.AsSpan(0, answer.Length - 48), answer.AsSpan(48));
        Assert.Equal(0xFFFF, NaiveChecksum.Sum(answer.AsSpan(40), NaiveChecksum.Pseudo(answer, 58)));
    }

    [Fact]
    public void QuotesWithoutPaddingBehindThePacket()
    {
        byte[] packet = new TunPackets().Packet(new byte[10]);

        Assert.Equal(28 + packet.Length, Build([.. packet, 0, 0, 0, 0, 0, 0]).Length);
    }

    [Theory]
    [InlineData("10.0.0.1", "224.0.0.1")]
    [InlineData("10.0.0.1", "239.255.255.255")]
    [InlineData("10.0.0.1", "255.255.255.255")]
    [InlineData("10.0.0.1", "0.0.0.0")]
    [InlineData("10.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "10.0.0.2")]
    [InlineData("127.0.0.1", "10.0.0.2")]
    [InlineData("224.0.0.1", "10.0.0.2")]
    [InlineData("255.255.255.255", "10.0.0.2")]
    [InlineData("fd00::1", "ff02::1")]
    [InlineData("fd00::1", "::")]
    [InlineData("fd00::1", "::1")]
    [InlineData("::", "fd00::2")]
    [InlineData("::1", "fd00::2")]
    [InlineData("ff02::1", "fd00::2")]
    public void StaysSilentAboutAddressesThatAreNotOneHost(string source, string destination)
    {
        Assert.Empty(Build(Between(source, destination)));
        Assert.NotEmpty(Build(source.Contains(':') ? Between("fd00::1", "fd00::2") : Between("10.0.0.1", "10.0.0.2")));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(8, true)]
    [InlineData(11, false)]
    [InlineData(12, false)]
    [InlineData(13, true)]
    [InlineData(255, false)]
    public void AnswersIcmpQueriesOnly(byte type, bool isAnswered) =>
        Assert.Equal(isAnswered, Build(WithProtocol(new TunPackets(), Icmp, type)).Length > 0);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(127, false)]
    [InlineData(128, true)]
    [InlineData(129, true)]
    [InlineData(137, false)]
    public void AnswersIcmpV6InformationButNoRedirect(byte type, bool isAnswered) =>
        Assert.Equal(isAnswered, Build(WithProtocol(new TunPackets { IsV6 = true }, IcmpV6, type)).Length > 0);

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void AnswersTheFirstFragmentOnly(byte offset, bool isAnswered)
    {
        byte[] v4 = new TunPackets().Packet(new byte[100]);
        v4[6] = 0x20;
        v4[7] = offset;
        byte[] v6 = WithExtension(44, [6, 0, 0, (byte)((offset << 3) | 1), 0, 0, 0, 9]);

        Assert.Equal(isAnswered, Build(v4).Length > 0);
        Assert.Equal(isAnswered, Build(v6).Length > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(43)]
    [InlineData(60)]
    public void LooksBehindExtensionHeaders(byte header)
    {
        Assert.NotEmpty(Build(WithExtension(header, [6, 0, 0, 0, 0, 0, 0, 0])));
        Assert.NotEmpty(Build(WithExtension(header, [IcmpV6, 1, .. new byte[14], 128])));
        Assert.Empty(Build(WithExtension(header, [IcmpV6, 1, .. new byte[14], 1])));
        Assert.Empty(Build(WithExtension(header, [IcmpV6, 255, .. new byte[14], 128])));
    }

    [Fact]
    public void StaysSilentAboutEveryTruncation()
    {
        byte[] v4 = WithProtocol(new TunPackets(), Icmp, 8), v6 = WithProtocol(new TunPackets { IsV6 = true }, IcmpV6, 128);
        for (int length = 0; length < v4.Length; length++)
        {
            Assert.Empty(Build(v4[..length]));
        }

        for (int length = 0; length < v6.Length; length++)
        {
            Assert.Empty(Build(v6[..length]));
        }
    }

    [Fact]
    public void NeverAnswersItsOwnAnswer()
    {
        Assert.Empty(Build(Build(new TunPackets().Packet(new byte[50]))));
        Assert.Empty(Build(Build(new TunPackets { IsV6 = true }.Packet(new byte[50]))));
    }

    [Fact]
    public void NeverThrowsOnGarbage()
    {
        const int Seed = 792;
        var random = new Random(Seed);
        byte[] destination = new byte[IcmpUnreachable.MaxLength];
        for (int round = 0; round < 200_000; round++)
        {
            byte[] packet = TunPackets.RandomBytes(random, random.Next(150));
            if (packet.Length > 4)
            {
                packet[0] = (byte)(random.Next(2) == 0 ? 0x45 : 0x60);
                packet[packet[0] == 0x45 ? 2 : 4] = 0;
            }

            try
            {
                _ = IcmpUnreachable.Build(packet, destination);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, round {round}, packet {Convert.ToHexString(packet)}: {e}");
            }
        }
    }

    private static byte[] Build(byte[] packet)
    {
        byte[] answer = new byte[IcmpUnreachable.MaxLength];
        return answer[..IcmpUnreachable.Build(packet, answer)];
    }

    private static byte[] Between(string source, string destination)
    {
        byte[] from = IPAddress.Parse(source).GetAddressBytes(), to = IPAddress.Parse(destination).GetAddressBytes();
        byte[] packet = new TunPackets { IsV6 = from.Length == 16 }.Packet(new byte[20]);
        from.CopyTo(packet, from.Length == 16 ? 8 : 12);
        to.CopyTo(packet, to.Length == 16 ? 24 : 16);
        return packet;
    }

    private static byte[] WithProtocol(TunPackets packets, byte protocol, byte type)
    {
        byte[] packet = packets.Packet(new byte[20]);
        packet[packets.IsV6 ? 6 : 9] = protocol;
        packet[packets.NetworkLength] = type;
        return packet;
    }

    private static byte[] WithExtension(byte header, ReadOnlySpan<byte> rest)
    {
        byte[] packet = new TunPackets { IsV6 = true }.Packet(new byte[100]);
        packet[6] = header;
        rest.CopyTo(packet.AsSpan(40));
        return packet;
    }
}
