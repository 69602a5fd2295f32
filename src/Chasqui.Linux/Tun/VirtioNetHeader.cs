using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tun;

/// <summary>The header in front of every frame of a TUN device opened with IFF_VNET_HDR.</summary>
/// <param name="Flags">VIRTIO_NET_HDR_F_* bits.</param>
/// <param name="GsoType">VIRTIO_NET_HDR_GSO_*.</param>
/// <param name="HeaderLength">Bytes of IP and transport header; a hint that the kernel gives wrongly for forwarded packets.</param>
/// <param name="GsoSize">Bytes of payload in each segment of a super-packet.</param>
/// <param name="ChecksumStart">Where summing starts, in bytes from the start of the IP packet.</param>
/// <param name="ChecksumOffset">Where the sum goes, in bytes from <paramref name="ChecksumStart"/>.</param>
/// <remarks>Shape: 10 bytes, numbers in the order of the machine. Source: struct virtio_net_hdr, linux/virtio_net.h.</remarks>
public readonly record struct VirtioNetHeader(
    byte Flags, byte GsoType, ushort HeaderLength, ushort GsoSize, ushort ChecksumStart, ushort ChecksumOffset)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 10;

    /// <summary>Whether the reader must complete the checksum.</summary>
    internal bool NeedsChecksum => (Flags & VirtioNet.VIRTIO_NET_HDR_F_NEEDS_CSUM) != 0;

    /// <summary>Whether the kernel vouches for the checksum.</summary>
    internal bool IsDataValid => (Flags & VirtioNet.VIRTIO_NET_HDR_F_DATA_VALID) != 0;

    /// <summary>Whether <paramref name="frame"/> holds many segments; without a look at the rest of the header.</summary>
    public static bool IsSuperPacket(ReadOnlySpan<byte> frame) => frame[1] != VirtioNet.VIRTIO_NET_HDR_GSO_NONE;

    /// <summary>Whether they are UDP datagrams.</summary>
    public static bool IsUdpSuperPacket(ReadOnlySpan<byte> frame) => frame[1] == VirtioNet.VIRTIO_NET_HDR_GSO_UDP_L4;

    /// <summary>Reads the header at the start of <paramref name="frame"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame is shorter than <see cref="Length"/>.</exception>
    public static VirtioNetHeader Read(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> h = frame[..Length];
        return new(h[0], h[1], BitConverter.ToUInt16(h[2..]), BitConverter.ToUInt16(h[4..]), BitConverter.ToUInt16(h[6..]),
            BitConverter.ToUInt16(h[8..]));
    }

    /// <summary>Writes the header at the start of <paramref name="frame"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame is shorter than <see cref="Length"/>.</exception>
    public void Write(Span<byte> frame)
    {
        Span<byte> h = frame[..Length];
        h[0] = Flags;
        h[1] = GsoType;
        _ = BitConverter.TryWriteBytes(h[2..], HeaderLength);
        _ = BitConverter.TryWriteBytes(h[4..], GsoSize);
        _ = BitConverter.TryWriteBytes(h[6..], ChecksumStart);
        _ = BitConverter.TryWriteBytes(h[8..], ChecksumOffset);
    }
}
