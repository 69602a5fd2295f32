using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tun;

/// <summary>Reads what a TUN device gives: one packet, or a super-packet that stands for many.</summary>
/// <remarks>
/// The frame is not trusted: it may come from a descriptor that somebody else handed over. A frame that does not hold together is
/// refused, and the caller drops and counts it. The header's hdr_len is not looked at at all: for forwarded packets the kernel gives
/// the length of the first buffer there.
/// </remarks>
public static class SuperPacket
{
    private const int MaxPacketLength = 65535;

    /// <summary>Plans how a frame becomes IP packets.</summary>
    /// <param name="frame">A <see cref="VirtioNetHeader"/> and the packet behind it.</param>
    /// <param name="plan">Borrows <paramref name="frame"/>: it may not change while the plan is in use.</param>
    /// <returns><see langword="false"/> if the frame is malformed, of a kind never asked for, or (super-packets only) a fragment or one
    /// with IPv6 extension headers.</returns>
    public static bool TryPlan(ReadOnlySpan<byte> frame, out SegmentPlan plan)
    {
        plan = default;
        if (frame.Length <= VirtioNetHeader.Length || frame.Length > VirtioNetHeader.Length + MaxPacketLength)
        {
            return false;
        }

        VirtioNetHeader header = VirtioNetHeader.Read(frame);
        ReadOnlySpan<byte> packet = frame[VirtioNetHeader.Length..];
        return header.GsoType == VirtioNet.VIRTIO_NET_HDR_GSO_NONE
            ? TryPlanWhole(header, packet, out plan)
            : TryPlanCut(header, packet, out plan);
    }

    /// <summary>Plans how a UDP super-packet that was seen somewhere else becomes datagrams, which get checksums of their own.</summary>
    /// <param name="packet">From the IP header on.</param>
    /// <param name="payloadPerSegment">Bytes of payload in every datagram but the last.</param>
    /// <param name="plan">Borrows <paramref name="packet"/>.</param>
    /// <returns><see langword="false"/> if it is no whole UDP packet.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="payloadPerSegment"/> is not positive.</exception>
    public static bool TryPlanDatagrams(ReadOnlySpan<byte> packet, int payloadPerSegment, out SegmentPlan plan)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(payloadPerSegment);
        bool isDatagram = TransportLayout.TryRead(packet, out TransportLayout layout) && !layout.IsTcp && packet.Length > layout.HeaderLength;
        plan = isDatagram ? SegmentPlan.Cut(packet, layout, payloadPerSegment) : default;
        return isDatagram;
    }

    private static bool TryPlanWhole(VirtioNetHeader header, ReadOnlySpan<byte> packet, out SegmentPlan plan)
    {
        plan = default;
        int networkLength = (packet[0] >> 4) switch
        {
            4 => TransportLayout.Ipv4HeaderLength,
            6 => TransportLayout.Ipv6HeaderLength,
            _ => int.MaxValue,
        };
        if (packet.Length < networkLength)
        {
            return false;
        }

        if (!header.NeedsChecksum)
        {
            plan = SegmentPlan.Whole(packet);
            return true;
        }

        // An odd offset would put the sum across two words; no transport has it there.
        int start = header.ChecksumStart, field = start + header.ChecksumOffset;
        if (start < networkLength || field + 2 > packet.Length || (header.ChecksumOffset & 1) != 0)
        {
            return false;
        }

        plan = SegmentPlan.WholeWithChecksum(packet, start, field);
        return true;
    }

    private static bool TryPlanCut(VirtioNetHeader header, ReadOnlySpan<byte> packet, out SegmentPlan plan)
    {
        plan = default;
        if (header.GsoSize == 0 || !TransportLayout.TryRead(packet, out TransportLayout layout)
            || !IsOfType(layout, header.GsoType) || !HasSoundChecksum(header, layout) || packet.Length == layout.HeaderLength)
        {
            return false;
        }

        plan = SegmentPlan.Cut(packet, layout, header.GsoSize);
        return true;
    }

    private static bool IsOfType(TransportLayout layout, byte gsoType) => gsoType switch
    {
        VirtioNet.VIRTIO_NET_HDR_GSO_TCPV4 or (VirtioNet.VIRTIO_NET_HDR_GSO_TCPV4 | VirtioNet.VIRTIO_NET_HDR_GSO_ECN) =>
            layout is { IsTcp: true, IsV6: false },
        VirtioNet.VIRTIO_NET_HDR_GSO_TCPV6 or (VirtioNet.VIRTIO_NET_HDR_GSO_TCPV6 | VirtioNet.VIRTIO_NET_HDR_GSO_ECN) =>
            layout is { IsTcp: true, IsV6: true },
        VirtioNet.VIRTIO_NET_HDR_GSO_UDP_L4 => !layout.IsTcp,
        _ => false,
    };

    /// <summary>Every segment gets a new checksum, so the payload must be vouched for, or damage would leave here looking whole.</summary>
    private static bool HasSoundChecksum(VirtioNetHeader header, TransportLayout layout) => header.NeedsChecksum
        ? header.ChecksumStart == layout.NetworkLength && header.ChecksumStart + header.ChecksumOffset == layout.ChecksumAt
        : header.IsDataValid;
}
