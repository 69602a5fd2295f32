namespace Chasqui.Linux.Udp;

/// <summary>The offloads of a socket at one moment, for a status display.</summary>
/// <param name="Segmentation">Many datagrams to one receiver leave in one call (UDP_SEGMENT).</param>
/// <param name="Coalescing">Many datagrams of one sender arrive in one message (UDP_GRO).</param>
public readonly record struct UdpOffloads(UdpOffloadState Segmentation, UdpOffloadState Coalescing);
