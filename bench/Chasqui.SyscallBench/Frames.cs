using System.Buffers.Binary;

namespace Chasqui.SyscallBench;

/// <summary>Frames as the product writes them to a TUN device: a virtio header and an IPv4 packet, some of them side by side.</summary>
internal sealed unsafe class Frames : IDisposable
{
    internal const int HeaderBytes = 10;
    internal const int SegmentPayload = 1368;

    private const int Count = 64;
    private const int TcpHeaders = 52;

    private readonly Slab _slab;
    private readonly int _pace;

    private Frames(int packetBytes)
    {
        Length = HeaderBytes + packetBytes;
        _pace = (Length + 63) & ~63;
        _slab = new Slab((nuint)(Count * _pace));
    }

    internal int Length { get; }

    internal byte* this[int index] => _slab.Pointer + (index % Count * _pace);

    /// <summary>Single UDP packets.</summary>
    internal static Frames OfPackets(int packetBytes)
    {
        var frames = new Frames(packetBytes);
        for (int i = 0; i < Count; i++)
        {
            Span<byte> packet = frames.WriteIp(i, 17);
            BinaryPrimitives.WriteUInt16BigEndian(packet[24..], (ushort)(packetBytes - 20));
        }

        return frames;
    }

    /// <summary>TCP segments joined into one packet of nearly 64 KiB.</summary>
    internal static Frames OfSuperPackets()
    {
        var frames = new Frames(TcpHeaders + (46 * SegmentPayload));
        for (int i = 0; i < Count; i++)
        {
            Span<byte> packet = frames.WriteIp(i, 6);
            packet[32] = 0x80;
            packet[33] = 0x10;
            BinaryPrimitives.WriteUInt32BigEndian(packet[24..], (uint)(i * 46 * SegmentPayload));

            // VIRTIO_NET_HDR_F_NEEDS_CSUM, GSO_TCPV4, and where the headers end and the checksum is.
            ReadOnlySpan<ushort> header = [1 | (1 << 8), TcpHeaders, SegmentPayload, 20, 16];
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(header).CopyTo(new Span<byte>(frames[i], HeaderBytes));
        }

        return frames;
    }

    /// <inheritdoc/>
    public void Dispose() => _slab.Dispose();

    private Span<byte> WriteIp(int index, byte protocol)
    {
        var packet = new Span<byte>(this[index] + HeaderBytes, Length - HeaderBytes);
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], Lab.BehindTun);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], Lab.Nowhere);
        BinaryPrimitives.WriteUInt16BigEndian(packet[20..], 4000);
        BinaryPrimitives.WriteUInt16BigEndian(packet[22..], 5000);
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~((sum & 0xffff) + (sum >> 16)));
        return packet;
    }
}
