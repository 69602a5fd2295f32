using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Frames that do not hold together are refused, and nothing throws.</summary>
public class SuperPacketHostileTests
{
    private const int Header = VirtioNetHeader.Length;

    public static TheoryData<string, bool, bool> Cases()
    {
        var data = new TheoryData<string, bool, bool>();
        foreach (string name in Damage.Keys)
        {
            foreach ((bool isV6, bool isTcp) in new[] { (false, true), (true, true), (false, false), (true, false) })
            {
                if (Damaged(name, isV6, isTcp) is not null)
                {
                    data.Add(name, isV6, isTcp);
                }
            }
        }

        return data;
    }

    private static Dictionary<string, Func<TunPackets, byte[], byte[]?>> Damage { get; } = new()
    {
        ["empty"] = (_, _) => [],
        ["only part of the virtio header"] = (_, f) => f[..9],
        ["only the virtio header"] = (_, f) => f[..Header],
        ["IP header cut short"] = (_, f) => f[..(Header + 19)],
        ["transport header cut short, length field to match"] = (p, f) => WithLength(p, f[..(Header + p.HeaderLength - 1)]),
        ["no payload"] = (p, f) => WithLength(p, f[..(Header + p.HeaderLength)]),
        ["one byte fewer than the length field"] = (_, f) => f[..^1],
        ["one byte more than the length field"] = (_, f) => [.. f, 0],
        ["segment size 0"] = (_, f) => Set16(f, 4, 0),
        ["checksum start 0"] = (_, f) => Set16(f, 6, 0),
        ["checksum start in the IP header"] = (p, f) => Set16(f, 6, p.NetworkLength - 2),
        ["checksum start past the end"] = (_, f) => Set16(f, 6, 65535),
        ["checksum offset past the end"] = (_, f) => Set16(f, 8, 65535),
        ["checksum offset elsewhere"] = (p, f) => Set16(f, 8, p.IsTcp ? 6 : 16),
        ["checksum neither partial nor vouched for"] = (_, f) => Set8(f, 0, 0),
        ["GSO type of the other IP version"] = (p, f) => p.IsTcp ? Set8(f, 1, (byte)(p.IsV6 ? 1 : 4)) : null,
        ["GSO type of the other transport"] = (p, f) => Set8(f, 1, (byte)(!p.IsTcp ? (p.IsV6 ? 4 : 1) : 5)),
        ["GSO type UFO"] = (_, f) => Set8(f, 1, 3),
        ["GSO type unknown"] = (_, f) => Set8(f, 1, 9),
        ["ECN bit without a type"] = (_, f) => Set8(f, 1, 0x80),
        ["ECN bit beside UDP"] = (p, f) => p.IsTcp ? null : Set8(f, 1, 0x85),
        ["IP version 5"] = (_, f) => Set8(f, Header, (byte)(0x50 | (f[Header] & 15))),
        ["other protocol"] = (p, f) => Set8(f, Header + (p.IsV6 ? 6 : 9), 47),
        ["IPv4 header length below 20"] = (p, f) => p.IsV6 ? null : Set8(f, Header, 0x44),
        ["IPv4 header length past the end"] = (p, f) => p.IsV6 ? null : WithLength(p, Set8(f, Header, 0x4F)[..(Header + 50)]),
        ["IPv4 first fragment"] = (p, f) => p.IsV6 ? null : Set8(f, Header + 6, 0x20),
        ["IPv4 later fragment"] = (p, f) => p.IsV6 ? null : Set8(f, Header + 7, 1),
        ["IPv6 hop-by-hop options"] = (p, f) => p.IsV6 ? Set8(f, Header + 6, 0) : null,
        ["IPv6 fragment header"] = (p, f) => p.IsV6 ? Set8(f, Header + 6, 44) : null,
        ["TCP header length below 20"] = (p, f) => p.IsTcp ? Set8(f, Header + p.NetworkLength + 12, 0x40) : null,
        ["TCP header length past the end"] = (p, f) =>
            p.IsTcp ? WithLength(p, Set8(f, Header + p.NetworkLength + 12, 0xF0)[..(Header + p.HeaderLength + 20)]) : null,
        ["longer than any IP packet"] = (_, f) => [.. f, .. new byte[65536]],
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void RefusesADamagedSuperPacket(string damage, bool isV6, bool isTcp)
    {
        Assert.False(SuperPacket.TryPlan(Damaged(damage, isV6, isTcp), out SegmentPlan plan));
        Assert.Equal(0, plan.Count);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(18, 16)]
    [InlineData(20, 15)]
    [InlineData(20, 39)]
    [InlineData(60, 0)]
    [InlineData(65535, 65535)]
    [InlineData(65535, 1)]
    public void RefusesAChecksumOutsideThePacket(int start, int offset)
    {
        byte[] packet = new TunPackets().Packet(new byte[20]);

        Assert.False(SuperPacket.TryPlan(TunPackets.Frame(packet, new(1, 0, 0, 0, (ushort)start, (ushort)offset)), out _));
    }

    [Fact]
    public void RefusesWhatIsNotIp()
    {
        Assert.False(SuperPacket.TryPlan(TunPackets.Frame(new byte[100]), out _));
        Assert.False(SuperPacket.TryPlan(TunPackets.Frame([0x45, .. new byte[18]]), out _));
        Assert.False(SuperPacket.TryPlan(TunPackets.Frame([0x60, .. new byte[38]]), out _));
    }

    [Fact]
    public void NeverThrowsOnGarbage()
    {
        const int Seed = 20260;
        var random = new Random(Seed);
        byte[] destination = new byte[70000];
        int accepted = 0;

        for (int round = 0; round < 200_000; round++)
        {
            byte[] frame = Garbage(random);
            try
            {
                accepted += WriteAll(frame, destination);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, round {round}, frame {Convert.ToHexString(frame)}: {e}");
            }
        }

        // The generator must reach the code behind the checks, or this test shows nothing.
        Assert.InRange(accepted, 10_000, int.MaxValue);
    }

    /// <summary>Half the rounds random bytes that look like IP, half a right frame with a few bytes changed.</summary>
    private static byte[] Garbage(Random random)
    {
        byte[] frame;
        if (random.Next(2) == 0)
        {
            frame = TunPackets.RandomBytes(random, random.Next(200));
            if (frame.Length > Header)
            {
                frame[1] = (byte)random.Next(7);
                frame[Header] = (byte)(random.Next(2) == 0 ? 0x45 : 0x60);
            }

            return frame;
        }

        var packets = new TunPackets { IsV6 = random.Next(2) == 0, IsTcp = random.Next(2) == 0 };
        frame = packets.SuperFrame(TunPackets.RandomBytes(random, random.Next(400)), random.Next(1, 300));
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            frame[random.Next(Header + packets.HeaderLength)] = (byte)random.Next(256);
        }

        return frame;
    }

    private static int WriteAll(byte[] frame, byte[] destination)
    {
        if (!SuperPacket.TryPlan(frame, out SegmentPlan plan))
        {
            return 0;
        }

        int total = 0;
        for (int i = 0; i < plan.Count; i++)
        {
            int length = plan.Write(i, destination);
            Assert.Equal(plan.LengthOf(i), length);
            total += length - plan.HeaderLength;
        }

        Assert.Equal(frame.Length - Header - plan.HeaderLength, total);
        return 1;
    }

    /// <summary>A right super-packet with the damage done; none where it does not apply.</summary>
    private static byte[]? Damaged(string damage, bool isV6, bool isTcp)
    {
        var packets = new TunPackets { IsV6 = isV6, IsTcp = isTcp };
        byte[] frame = packets.SuperFrame(new byte[3000], 1000);
        Assert.True(SuperPacket.TryPlan(frame, out _));
        return Damage[damage](packets, frame);
    }

    private static byte[] WithLength(TunPackets packets, byte[] frame)
    {
        Span<byte> packet = frame.AsSpan(Header);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(packets.IsV6 ? 4 : 2)..], (ushort)(packet.Length - (packets.IsV6 ? 40 : 0)));
        return frame;
    }

    private static byte[] Set8(byte[] frame, int at, byte value)
    {
        frame[at] = value;
        return frame;
    }

    private static byte[] Set16(byte[] frame, int at, int value)
    {
        BitConverter.TryWriteBytes(frame.AsSpan(at), (ushort)value);
        return frame;
    }
}
