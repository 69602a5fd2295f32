namespace Chasqui.Linux.Udp;

/// <summary>What became of a send.</summary>
/// <remarks>
/// Taken by the kernel is not yet sent: a full device queue drops in silence. EPERM is a firewall's refusal; ENOBUFS and EAGAIN pass.
/// </remarks>
/// <param name="Errno">0 if every datagram was handed to the kernel, else the error that stopped the rest.</param>
/// <param name="Datagrams">How many datagrams the kernel took.</param>
public readonly record struct SendResult(int Errno, int Datagrams)
{
    /// <summary>Whether this send was the one after which the socket uses no segmentation any more.</summary>
    public bool IsSteppedDown { get; init; }

    /// <summary>Whether every datagram was handed to the kernel.</summary>
    public bool IsComplete => Errno == 0;

    /// <summary>
    /// Whether a source that was given can be the reason: its address or interface has left the machine, or leads nowhere any more.
    /// Then a second attempt without a source, for the datagrams after the first <see cref="Datagrams"/>, is worth one call.
    /// </summary>
    public bool IsSourceGone => Errno is Linux.Errno.EINVAL or Linux.Errno.ENETUNREACH or Linux.Errno.EADDRNOTAVAIL
        or Linux.Errno.EHOSTUNREACH or Linux.Errno.ENODEV;
}
