namespace Chasqui.Linux.Udp;

/// <summary>Decides whether sends of one socket use UDP_SEGMENT, and learns from refusals.</summary>
/// <remarks>
/// EIO says that the way out cannot do it (a device without checksum offload under an older kernel, IPsec on the route): off for
/// the life of the socket, since a failed attempt costs a whole system call each time. EMSGSIZE (EINVAL from older kernels) says
/// that a datagram does not fit the MTU of one route, which is one peer's affair and may pass: those go one by one, and only
/// <see cref="RouteRefusalLimit"/> such refusals without a success between them turn it off.
/// Threads: any. The count is advisory; a lost update costs one more attempt.
/// </remarks>
internal sealed class Segmentation(UdpOffloadState initial)
{
    internal const int RouteRefusalLimit = 64;

    private int _state = (int)initial;
    private int _routeRefusals;

    internal UdpOffloadState State => (UdpOffloadState)Volatile.Read(ref _state);

    internal bool IsOn => State == UdpOffloadState.On;

    /// <summary>Whether the datagrams of a refused segmented send should be tried one by one.</summary>
    internal static bool IsWorthSplitting(int errno) => errno is Errno.EIO or Errno.EINVAL or Errno.EMSGSIZE;

    internal void Accepted()
    {
        // Read first: the line is shared by every sending thread and a success is the rule.
        if (_routeRefusals != 0)
            _routeRefusals = 0;
    }

    /// <summary>A segmented send was refused and the same datagrams then went one by one.</summary>
    /// <returns>Whether it is off from here on.</returns>
    internal bool Refused(int errno)
    {
        if (errno == Errno.EIO)
            Volatile.Write(ref _state, (int)UdpOffloadState.RefusedByDevice);
        else if (++_routeRefusals >= RouteRefusalLimit)
            Volatile.Write(ref _state, (int)UdpOffloadState.RefusedByRoute);
        return !IsOn;
    }
}
