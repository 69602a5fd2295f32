namespace Chasqui.Linux.Interop;

/// <summary>Source: linux/virtio_net.h.</summary>
internal static class VirtioNet
{
    /// <summary>The checksum from csum_start on is for the receiver of the header to complete.</summary>
    internal const byte VIRTIO_NET_HDR_F_NEEDS_CSUM = 1;

    /// <summary>The checksum is known to be right.</summary>
    internal const byte VIRTIO_NET_HDR_F_DATA_VALID = 2;

    /// <summary>Not a super-packet.</summary>
    internal const byte VIRTIO_NET_HDR_GSO_NONE = 0;

    /// <summary>TCP over IPv4.</summary>
    internal const byte VIRTIO_NET_HDR_GSO_TCPV4 = 1;

    /// <summary>TCP over IPv6.</summary>
    internal const byte VIRTIO_NET_HDR_GSO_TCPV6 = 4;

    /// <summary>UDP datagrams over either; kernel 6.2 and later.</summary>
    internal const byte VIRTIO_NET_HDR_GSO_UDP_L4 = 5;

    /// <summary>A bit beside a TCP type: the first segment carries CWR.</summary>
    internal const byte VIRTIO_NET_HDR_GSO_ECN = 0x80;
}
