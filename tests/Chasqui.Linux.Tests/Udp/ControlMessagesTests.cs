using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

public sealed class ControlMessagesTests
{
    [Fact]
    public void ReadsWhatASocketOfEitherFamilyIsTold()
    {
        byte[] control = new byte[ControlMessages.Capacity];
        int used = ControlMessages.Append(control, 0, Libc.IPPROTO_IPV6, Libc.IPV6_PKTINFO, new Libc.in6_pktinfo { ipi6_ifindex = 9 });
        used = ControlMessages.Append(control, used, Libc.IPPROTO_IPV6, Libc.IPV6_TCLASS, 0xB9);
        used = ControlMessages.Append(control, used, Libc.SOL_UDP, Libc.UDP_GRO, 1452);
        ReceivedMessage message = default;

        ControlMessages.Read(control.AsSpan(0, used), ref message);

        Assert.Equal(UdpSource.V6(0, 0, 9), message.Source);
        Assert.Equal(0xB9, message.TrafficClass);
        Assert.Equal(1452, message.SegmentSize);
    }

    [Fact]
    public void TheAnswerToABroadcastLeavesFromTheInterfacesOwnAddress()
    {
        byte[] control = new byte[ControlMessages.Capacity];
        Libc.in_pktinfo info = new()
        {
            ipi_ifindex = 2,
            ipi_spec_dst = BinaryPrimitives.ReverseEndianness(0xC0000201),
            ipi_addr = BinaryPrimitives.ReverseEndianness(0xC00002FF),
        };
        int used = ControlMessages.Append(control, 0, Libc.IPPROTO_IP, Libc.IP_PKTINFO, info);
        ReceivedMessage message = default;

        ControlMessages.Read(control.AsSpan(0, used), ref message);

        Assert.Equal("192.0.2.1%2", message.Source.ToString());
    }

    [Fact]
    public void EveryCutIsReadToItsEndAndNoFurther()
    {
        byte[] control = new byte[ControlMessages.Capacity];
        int used = ControlMessages.Append(control, 0, Libc.IPPROTO_IP, Libc.IP_PKTINFO, default(Libc.in_pktinfo));
        used = ControlMessages.Append(control, used, Libc.SOL_UDP, Libc.UDP_GRO, 1000);
        for (int cut = 0; cut <= used; cut++)
        {
            ReceivedMessage message = default;
            ControlMessages.Read(control.AsSpan(0, cut), ref message);

            // The last message needs its 20 bytes, not the padding behind them.
            Assert.Equal(cut >= used - 4 ? 1000 : 0, message.SegmentSize);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(15UL)]
    [InlineData(1000UL)]
    [InlineData(0x7fffffffUL)]
    [InlineData(0xffffffffUL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7)]
    public void ALengthThatCannotBeEndsTheReading(ulong length)
    {
        byte[] control = new byte[ControlMessages.Capacity];
        int used = ControlMessages.Append(control, 0, Libc.SOL_UDP, Libc.UDP_GRO, 1000);
        MemoryMarshal.Write(control, (nuint)length);
        ReceivedMessage message = default;

        ControlMessages.Read(control.AsSpan(0, used), ref message);

        Assert.Equal(0, message.SegmentSize);
    }

    [Fact]
    public void AnyBytesAtAllAreSurvived()
    {
        const int Seed = 7;
        Random random = new(Seed);
        byte[] control = new byte[ControlMessages.Capacity];
        for (int round = 0; round < 100_000; round++)
        {
            random.NextBytes(control);
            MemoryMarshal.Write(control, (nuint)random.Next(40));
            ReceivedMessage message = default;
            ControlMessages.Read(control.AsSpan(0, random.Next(control.Length + 1)), ref message);
            message.Complete(random.Next(70_000));
            int bound = message.DatagramCount, end = 0, total = 0;
            while (message.Next(ref end, out _, out int length))
            {
                Assert.True(bound-- > 0, $"seed {Seed} round {round}: more datagrams than counted");
                total += length;
            }

            Assert.Equal(message.Length, total);
        }
    }
}
