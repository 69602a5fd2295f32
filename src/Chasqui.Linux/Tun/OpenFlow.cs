using System.Buffers.Binary;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tun;

/// <summary>The super-packet of one flow that <see cref="PacketJoiner"/> is collecting.</summary>
/// <remarks>
/// Two states: free (no segment), and collecting (one or more). A segment joins only if cutting the super-packet gives it back bit by
/// bit; the one exception is the identification of IPv4 packets that may not be fragmented, which means nothing (RFC 6864 §4.1).
/// </remarks>
internal sealed class OpenFlow
{
    // Kernels before 6.9 refuse a super-packet of more UDP datagrams. Source: UDP_MAX_SEGMENTS, linux/udp.h.
    private const int MaxUdpSegments = 64;
    private const int MaxPacketLength = 65535;
    private const ushort DontFragment = 0x4000;
    private const byte Push = 0x08;
    private const byte PushAndAck = 0x08 | 0x10;

    // Header and super-packet; from the pinned heap, since the kernel reads it, and only once a flow needs it.
    private byte[]? _buffer;
    private TransportLayout _layout;
    private int _length;
    private int _payloadPerSegment;
    private uint _nextSequence;

    /// <summary>Number of segments collected; 0 when free.</summary>
    internal int Count { get; private set; }

    /// <summary>When the flow was opened, in flows opened before.</summary>
    internal ulong Opened { get; private set; }

    /// <summary>Whether nothing may follow: a short or pushed segment is the last, or one more would not fit.</summary>
    /// <remarks>INVARIANT: while this is false, a segment of full size fits behind what was collected.</remarks>
    internal bool IsComplete { get; private set; }

    private Span<byte> Packet => _buffer.AsSpan(VirtioNetHeader.Length);

    /// <summary>Whether a packet is a segment that others may follow or precede: with payload, and no flag beyond ACK and PSH.</summary>
    internal static bool IsSegment(ReadOnlySpan<byte> packet, TransportLayout layout)
    {
        if (packet.Length == layout.HeaderLength || (!layout.IsV6 && layout.NetworkLength != TransportLayout.Ipv4HeaderLength))
        {
            return false;
        }

        ReadOnlySpan<byte> transport = packet[layout.NetworkLength..];

        // The reserved bits beside the TCP data offset include accurate ECN's third bit. A UDP checksum of zero is none: the datagram
        // may not get one on the way.
        return layout.IsTcp
            ? (transport[13] & ~PushAndAck) == 0 && (transport[12] & 0x0F) == 0
            : BinaryPrimitives.ReadUInt16BigEndian(transport[4..]) == transport.Length
                && BinaryPrimitives.ReadUInt16BigEndian(transport[6..]) != 0;
    }

    /// <summary>Whether a TCP segment asks to be delivered at once.</summary>
    internal static bool IsPushed(ReadOnlySpan<byte> packet, TransportLayout layout) =>
        layout.IsTcp && (packet[layout.NetworkLength + 13] & Push) != 0;

    /// <summary>Whether the packet has the addresses, protocol and ports of this flow.</summary>
    internal bool IsFlowOf(ReadOnlySpan<byte> packet, TransportLayout layout)
    {
        if (layout.IsTcp != _layout.IsTcp || layout.IsV6 != _layout.IsV6 || layout.NetworkLength != _layout.NetworkLength)
        {
            return false;
        }

        // Addresses end where the IP header does, and the ports follow: one range.
        return packet[layout.AddressesAt..(layout.NetworkLength + 4)].SequenceEqual(Packet[layout.AddressesAt..(layout.NetworkLength + 4)]);
    }

    /// <summary>Whether the packet has the addresses of this flow, whatever it carries.</summary>
    internal bool IsBetweenSameHosts(ReadOnlySpan<byte> packet)
    {
        bool isV6 = packet.Length > 0 && packet[0] >> 4 == 6;
        return isV6 == _layout.IsV6 && packet.Length >= _layout.AddressesAt + _layout.AddressesLength
            && _layout.AddressesOf(packet).SequenceEqual(_layout.AddressesOf(Packet));
    }

    /// <summary>Opens the flow with its first segment.</summary>
    /// <param name="packet">A packet that <see cref="IsSegment"/> accepts.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="opened">What <see cref="Opened"/> shall be.</param>
    /// <returns><see langword="false"/> if a checksum is wrong: the flow stays free.</returns>
    internal bool TryStart(ReadOnlySpan<byte> packet, TransportLayout layout, ulong opened)
    {
        _buffer ??= GC.AllocateUninitializedArray<byte>(VirtioNetHeader.Length + MaxPacketLength, pinned: true);
        int payload = packet.Length - layout.HeaderLength;
        packet[..layout.HeaderLength].CopyTo(Packet);
        if (!TryCopyPayload(packet, layout, layout.HeaderLength))
        {
            return false;
        }

        _layout = layout;
        _length = packet.Length;
        _payloadPerSegment = payload;
        _nextSequence = layout.IsTcp ? Sequence(packet, layout) + (uint)payload : 0;
        Count = 1;
        Opened = opened;
        IsComplete = _length + payload > MaxPacketLength;
        return true;
    }

    /// <summary>Joins a segment of this flow.</summary>
    /// <returns><see langword="false"/> if it does not follow what was collected or has a wrong checksum; then nothing has changed.</returns>
    internal bool TryAppend(ReadOnlySpan<byte> packet, TransportLayout layout)
    {
        int payload = packet.Length - layout.HeaderLength;
        if (IsComplete || payload > _payloadPerSegment || layout != _layout || !Continues(packet) || !TryCopyPayload(packet, layout, _length))
        {
            return false;
        }

        _length += payload;
        _nextSequence += (uint)payload;
        Count++;
        IsComplete = payload < _payloadPerSegment || _length + payload > MaxPacketLength || (!layout.IsTcp && Count == MaxUdpSegments);
        if (IsPushed(packet, layout))
        {
            Packet[layout.NetworkLength + 13] |= Push;
            IsComplete = true;
        }

        return true;
    }

    /// <summary>Writes what was collected and frees the flow.</summary>
    internal void WriteTo<TSink>(ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        Span<byte> frame = _buffer.AsSpan(0, VirtioNetHeader.Length + _length);
        if (Count == 1)
        {
            frame[..VirtioNetHeader.Length].Clear();
        }
        else
        {
            WriteHeaders(frame);
        }

        Count = 0;
        sink.Write(frame);
    }

    private static uint Sequence(ReadOnlySpan<byte> packet, TransportLayout layout) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[(layout.NetworkLength + 4)..]);

    /// <summary>Whether every header field is what cutting would give for the next segment.</summary>
    private bool Continues(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> ours = Packet[.._layout.HeaderLength];
        if (!(_layout.IsV6 ? ContinuesV6(packet, ours) : ContinuesV4(packet, ours)))
        {
            return false;
        }

        if (!_layout.IsTcp)
        {
            return true;
        }

        // Acknowledgement (8) to flags (12), window (14), and urgent pointer (18) to the end of the options. Reserved bits and flags but
        // PSH are the same in every segment that IsSegment accepts, except ACK.
        ReadOnlySpan<byte> tcp = packet[_layout.NetworkLength.._layout.HeaderLength], first = ours[_layout.NetworkLength..];
        return Sequence(packet, _layout) == _nextSequence && tcp[8..13].SequenceEqual(first[8..13])
            && ((tcp[13] ^ first[13]) & ~Push) == 0 && tcp[14..16].SequenceEqual(first[14..16]) && tcp[18..].SequenceEqual(first[18..]);
    }

    /// <summary>Type of service, don't-fragment, time to live, and the identification where it means something.</summary>
    private bool ContinuesV4(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> ours)
    {
        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        ushort expected = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(ours[4..]) + Count);
        return packet[1] == ours[1] && fragment == BinaryPrimitives.ReadUInt16BigEndian(ours[6..]) && packet[8] == ours[8]
            && ((fragment & DontFragment) != 0 || BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == expected);
    }

    /// <summary>Traffic class, flow label and hop limit.</summary>
    private static bool ContinuesV6(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> ours) =>
        packet[..4].SequenceEqual(ours[..4]) && packet[7] == ours[7];

    /// <summary>Copies the payload behind what was collected, and sums it on the way.</summary>
    /// <remarks>
    /// The kernel takes a joined packet's checksums for verified and writes new ones when it forwards it, so a wrong one must not get in.
    /// </remarks>
    /// <returns><see langword="false"/> if the checksum of the IPv4 header or of the transport is wrong.</returns>
    private bool TryCopyPayload(ReadOnlySpan<byte> packet, TransportLayout layout, int at)
    {
        if (!layout.IsV6 && !InternetChecksum.IsValid(InternetChecksum.SumScalar(packet[..TransportLayout.Ipv4HeaderLength])))
        {
            return false;
        }

        ulong sum = InternetChecksum.PseudoHeader(layout.AddressesOf(packet), layout.Protocol, packet.Length - layout.NetworkLength)
            + InternetChecksum.SumScalar(packet[layout.NetworkLength..layout.HeaderLength]);
        return InternetChecksum.IsValid(sum + InternetChecksum.CopyAndSum(packet[layout.HeaderLength..], Packet[at..]));
    }

    private void WriteHeaders(Span<byte> frame)
    {
        Span<byte> packet = frame[VirtioNetHeader.Length..];
        int transportLength = packet.Length - _layout.NetworkLength;
        new VirtioNetHeader(
            VirtioNet.VIRTIO_NET_HDR_F_NEEDS_CSUM, GsoType, (ushort)_layout.HeaderLength, (ushort)_payloadPerSegment,
            (ushort)_layout.NetworkLength, (ushort)(_layout.ChecksumAt - _layout.NetworkLength)).Write(frame);
        if (_layout.IsV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)transportLength);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            packet[10..12].Clear();
            InternetChecksum.Store(packet[10..12], InternetChecksum.SumScalar(packet[..TransportLayout.Ipv4HeaderLength]));
        }

        if (!_layout.IsTcp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[(_layout.NetworkLength + 4)..], (ushort)transportLength);
        }

        InternetChecksum.StorePartial(
            packet.Slice(_layout.ChecksumAt, 2),
            InternetChecksum.PseudoHeader(_layout.AddressesOf(packet), _layout.Protocol, transportLength));
    }

    private byte GsoType => _layout switch
    {
        { IsTcp: false } => VirtioNet.VIRTIO_NET_HDR_GSO_UDP_L4,
        { IsV6: true } => VirtioNet.VIRTIO_NET_HDR_GSO_TCPV6,
        _ => VirtioNet.VIRTIO_NET_HDR_GSO_TCPV4,
    };
}
