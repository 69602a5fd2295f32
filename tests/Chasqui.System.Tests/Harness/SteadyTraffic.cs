using System.Net;
using System.Net.Sockets;

namespace Chasqui.System.Tests.Harness;

/// <summary>The same packets every time, from one end of a tunnel to the other: the next are sent when the last have arrived.</summary>
internal sealed class SteadyTraffic : IDisposable
{
    /// <summary>Packets of a super-packet: what fits 64 KiB with the MTU of 1420.</summary>
    public const int SuperPacketSegments = 45;

    public const int SuperPacketBytes = SuperPacketSegments * SegmentBytes;

    /// <summary>Packets of a burst.</summary>
    public const int BurstLength = 64;

    private const int SegmentBytes = 1392; // the MTU less the headers of IPv4 and UDP
    private const int SmallBytes = 120;

    // linux/udp.h
    private const int SolUdp = 17;
    private const int UdpSegment = 103;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly EndPoint _target;
    private readonly byte[] _content = new byte[SuperPacketBytes];
    private readonly byte[] _received = new byte[SuperPacketBytes];

    public SteadyTraffic(TunnelEnd from, TunnelEnd to)
    {
        _receiver = to.Home.UdpSocket(to.Inner4);
        _sender = from.Home.UdpSocket(from.Inner4);
        _target = _receiver.LocalEndPoint!;
        new Random(1).NextBytes(_content);
    }

    /// <summary>Packets as long as the MTU allows, a super-packet of <see cref="SuperPacketSegments"/> at a time.</summary>
    public void SuperPackets(int count) => Send(count, 1, SuperPacketBytes, SegmentBytes);

    /// <summary>Small packets, one at a time.</summary>
    public void LonePackets(int count) => Send(count, 1, SmallBytes, 0);

    /// <summary>Small packets, <see cref="BurstLength"/> at a time, each sent by a call of its own.</summary>
    public void Bursts(int count) => Send(count, BurstLength, SmallBytes, 0);

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private void Send(int rounds, int sends, int bytes, int segmentBytes)
    {
        _sender.SetRawSocketOption(SolUdp, UdpSegment, BitConverter.GetBytes(segmentBytes));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < sends; i++)
            {
                _sender.SendTo(_content.AsSpan(0, bytes), _target);
            }

            for (var arrived = 0; arrived < sends * bytes;)
            {
                arrived += _receiver.Receive(_received);
            }

            // The daemons have written before they sleep: without this, luck would say whether the next packet wakes them.
            Thread.Sleep(Pause);
        }
    }
}
