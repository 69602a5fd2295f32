using System.Buffers.Binary;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Tun;

namespace Chasqui.Tests.Device;

public sealed class TunWriterTests
{
    private const int Segment = 100;

    private readonly List<byte[]> _taken = [];
    private readonly List<long> _steppedDown = [];
    private readonly TunWriter _writer;
    private bool _takesJoined;
    private int _errno = Errno.EINVAL;

    public TunWriterTests() => _writer = new TunWriter(Kernel, _steppedDown.Add);

    [Fact]
    public void WhatTheKernelTakesIsWrittenOnce()
    {
        _takesJoined = true;

        _writer.Write(Joined(3));

        Assert.Equal(Joined(3), Assert.Single(_taken));
    }

    [Fact]
    public void ARefusedJoinedFrameIsCutAndNothingIsLost()
    {
        _writer.Write(Joined(3));

        Assert.Equal(3, _taken.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(VirtioNetHeader.Length + 28 + Segment, _taken[i].Length);
            Assert.All(_taken[i][..VirtioNetHeader.Length], header => Assert.Equal(0, header));
            Assert.All(_taken[i][(VirtioNetHeader.Length + 28)..], payload => Assert.Equal(i, payload));
        }
    }

    [Fact]
    public void JoiningStopsAfterRefusalsInARowForThatProtocolOnly()
    {
        for (int i = 0; i < TunWriter.RefusalLimit; i++)
        {
            Assert.Empty(_steppedDown);
            Assert.True(_writer.TakesUdp);
            _writer.Write(Joined(2));
        }

        Assert.False(_writer.TakesUdp);
        Assert.True(_writer.TakesTcp);
        Assert.Equal([SteppedDownOffload.JoinedUdp], _steppedDown);
    }

    [Fact]
    public void OneSuccessForgivesTheRefusalsBefore()
    {
        for (int i = 0; i < 10 * TunWriter.RefusalLimit; i++)
        {
            _takesJoined = i % 4 == 0;
            _writer.Write(Joined(2));
        }

        Assert.True(_writer.TakesUdp);
    }

    [Theory]
    [InlineData(Errno.EIO)] // down
    [InlineData(Errno.EBADFD)] // deleted
    [InlineData(Errno.EAGAIN)]
    public void WhatAnInterfaceDoesNotTakeForOtherReasonsIsLost(int errno)
    {
        _errno = errno;
        for (int i = 0; i < 10 * TunWriter.RefusalLimit; i++)
        {
            _writer.Write(Joined(2));
        }

        Assert.Empty(_taken);
        Assert.True(_writer.TakesUdp);
    }

    private int Kernel(ReadOnlySpan<byte> frame)
    {
        if (VirtioNetHeader.IsSuperPacket(frame) && !_takesJoined)
        {
            return _errno;
        }

        _taken.Add(frame.ToArray());
        return 0;
    }

    /// <summary>UDP datagrams of 100 bytes each, the bytes of each being its number.</summary>
    private static byte[] Joined(int count)
    {
        byte[] frame = new byte[VirtioNetHeader.Length + 28 + (count * Segment)];
        const byte NeedsChecksum = 1, GsoUdp = 5;
        new VirtioNetHeader(NeedsChecksum, GsoUdp, 28, Segment, 20, 6).Write(frame);
        Span<byte> packet = frame.AsSpan(VirtioNetHeader.Length);
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        packet[12] = packet[16] = 10;
        packet[20] = packet[22] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(packet[24..], (ushort)(packet.Length - 20));
        for (int i = 0; i < count; i++)
        {
            packet.Slice(28 + (i * Segment), Segment).Fill((byte)i);
        }

        return frame;
    }
}
