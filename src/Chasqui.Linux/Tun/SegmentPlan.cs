using System.Buffers.Binary;
using System.Diagnostics;

namespace Chasqui.Linux.Tun;

/// <summary>How one frame becomes IP packets; each is written once, to its final place.</summary>
/// <remarks>
/// Segments may be written in any order and more than once; <see cref="Write"/> has no effect but on its destination.
/// Ownership: borrows the frame it was planned from. The default value has no segments.
/// </remarks>
public readonly ref struct SegmentPlan
{
    private const byte FinAndPush = 0x01 | 0x08;
    private const byte CongestionWindowReduced = 0x80;

    // Where the checksum goes in a packet that is not cut; 0 when it is complete. IPv4 and TCP/UDP fields have places of their own.
    private readonly int _checksumStart;
    private readonly int _checksumField;
    private readonly TransportLayout _layout;

    // Sums of everything in the headers that is the same in each segment.
    private readonly ulong _networkSum;
    private readonly ulong _transportSum;

    private SegmentPlan(ReadOnlySpan<byte> packet, int headerLength, int payloadPerSegment, int count)
    {
        Packet = packet;
        HeaderLength = headerLength;
        PayloadPerSegment = payloadPerSegment;
        Count = count;
    }

    private SegmentPlan(ReadOnlySpan<byte> packet, int checksumStart, int checksumField)
        : this(packet, 0, packet.Length, 1)
    {
        _checksumStart = checksumStart;
        _checksumField = checksumField;
    }

    private SegmentPlan(ReadOnlySpan<byte> packet, TransportLayout layout, int gsoSize)
        : this(packet, layout.HeaderLength, gsoSize, (packet.Length - layout.HeaderLength + gsoSize - 1) / gsoSize)
    {
        _layout = layout;
        ReadOnlySpan<byte> network = packet[..layout.NetworkLength];
        ReadOnlySpan<byte> transport = packet[layout.NetworkLength..layout.HeaderLength];
        ulong pseudo = InternetChecksum.PseudoHeader(layout.AddressesOf(packet), layout.Protocol, 0);

        // Left out: IPv4 total length (2), identification (4) and checksum (10).
        _networkSum = layout.IsV6
            ? 0
            : InternetChecksum.SumScalar(network[..2]) + InternetChecksum.SumScalar(network[6..10])
                + InternetChecksum.SumScalar(network[12..]);

        // Left out: TCP sequence number (4), flags (12) and checksum (16); UDP length (4) and checksum (6).
        _transportSum = pseudo + InternetChecksum.SumScalar(transport[..4]);
        if (layout.IsTcp)
        {
            _transportSum += InternetChecksum.SumScalar(transport[8..12]) + InternetChecksum.SumScalar(transport[14..16])
                + InternetChecksum.SumScalar(transport[18..]);
        }
    }

    /// <summary>Number of packets; 1 for a frame that is not a super-packet.</summary>
    public int Count { get; }

    /// <summary>Length in bytes of the headers that each segment repeats; 0 for a frame that is not a super-packet.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes of payload in every segment but the last, which may have fewer.</summary>
    public int PayloadPerSegment { get; }

    /// <summary>The packet as it came, to look at addresses and traffic class: they are the same in all segments.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>Length in bytes of packet <paramref name="index"/>, IP header included.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public int LengthOf(int index)
    {
        Debug.Assert((uint)index < (uint)Count, "There is no such segment.");
        return HeaderLength + Math.Min(PayloadPerSegment, Packet.Length - HeaderLength - (index * PayloadPerSegment));
    }

    /// <summary>Writes packet <paramref name="index"/>, complete with lengths and checksums.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <param name="destination">At least <see cref="LengthOf"/> bytes, apart from the frame; bytes behind stay as they are.</param>
    /// <returns>The length written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public int Write(int index, Span<byte> destination)
    {
        if (HeaderLength == 0)
        {
            return WriteWhole(destination);
        }

        int length = LengthOf(index);
        int from = HeaderLength + (index * PayloadPerSegment);
        Span<byte> segment = destination[..length];
        Packet[..HeaderLength].CopyTo(segment);
        ulong payloadSum = InternetChecksum.CopyAndSum(Packet.Slice(from, length - HeaderLength), segment[HeaderLength..]);
        WriteNetwork(segment, index);
        Span<byte> transport = segment[_layout.NetworkLength..];
        if (_layout.IsTcp)
        {
            WriteTcp(transport, index, payloadSum);
        }
        else
        {
            WriteUdp(transport, payloadSum);
        }

        return length;
    }

    internal static SegmentPlan Whole(ReadOnlySpan<byte> packet) => new(packet, 0, 0);

    internal static SegmentPlan WholeWithChecksum(ReadOnlySpan<byte> packet, int start, int field) => new(packet, start, field);

    internal static SegmentPlan Cut(ReadOnlySpan<byte> packet, TransportLayout layout, int gsoSize) => new(packet, layout, gsoSize);

    private int WriteWhole(Span<byte> destination)
    {
        if (_checksumField == 0)
        {
            Packet.CopyTo(destination);
            return Packet.Length;
        }

        // The field holds the sum of the pseudo header already, so it is summed like the rest.
        Packet[.._checksumStart].CopyTo(destination);
        ulong sum = InternetChecksum.CopyAndSum(Packet[_checksumStart..], destination[_checksumStart..]);
        InternetChecksum.StoreNonZero(destination.Slice(_checksumField, 2), sum);
        return Packet.Length;
    }

    private void WriteNetwork(Span<byte> segment, int index)
    {
        if (_layout.IsV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment[4..], (ushort)(segment.Length - TransportLayout.Ipv6HeaderLength));
            return;
        }

        // Each segment is a datagram of its own and needs an identification of its own (RFC 791).
        ushort identification = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(segment[4..]) + index);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], (ushort)segment.Length);
        BinaryPrimitives.WriteUInt16BigEndian(segment[4..], identification);
        InternetChecksum.Store(
            segment[10..12], _networkSum + InternetChecksum.Word((ushort)segment.Length) + InternetChecksum.Word(identification));
    }

    private void WriteTcp(Span<byte> transport, int index, ulong payloadSum)
    {
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(transport[4..]) + (uint)(index * PayloadPerSegment);
        byte flags = transport[13];
        if (index != Count - 1)
        {
            flags &= unchecked((byte)~FinAndPush);
        }

        if (index != 0)
        {
            // RFC 3168 §6.1.2: CWR once per reduction; on every segment it would answer congestion that came later.
            flags &= unchecked((byte)~CongestionWindowReduced);
        }

        BinaryPrimitives.WriteUInt32BigEndian(transport[4..], sequence);
        transport[13] = flags;
        InternetChecksum.Store(
            transport[16..18],
            _transportSum + payloadSum + InternetChecksum.Word((ushort)transport.Length) + InternetChecksum.SumScalar(transport[4..8])
                + InternetChecksum.SumScalar(transport[12..14]));
    }

    private void WriteUdp(Span<byte> transport, ulong payloadSum)
    {
        // The length counts twice: in the header and in the pseudo header.
        BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
        InternetChecksum.StoreNonZero(
            transport[6..8], _transportSum + payloadSum + (2 * InternetChecksum.Word((ushort)transport.Length)));
    }
}
