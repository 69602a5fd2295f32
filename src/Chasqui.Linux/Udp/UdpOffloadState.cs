namespace Chasqui.Linux.Udp;

/// <summary>Whether an offload of a socket is on, and if not, why not.</summary>
public enum UdpOffloadState
{
    /// <summary>In use.</summary>
    On,

    /// <summary>The caller asked for a socket without it.</summary>
    NotWanted,

    /// <summary>The kernel does not know it: segmentation came with Linux 4.18, a readable UDP_GRO with 5.12.</summary>
    NotSupported,

    /// <summary>Stepped down after EIO: a device on the way out cannot checksum, or the route goes through IPsec.</summary>
    RefusedByDevice,

    /// <summary>Stepped down after many EMSGSIZE or EINVAL in a row: the datagrams do not fit the route's MTU.</summary>
    RefusedByRoute,
}
