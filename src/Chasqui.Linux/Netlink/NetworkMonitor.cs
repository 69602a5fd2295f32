namespace Chasqui.Linux.Netlink;

/// <summary>Tells when interfaces, routes or addresses of one network namespace change.</summary>
/// <remarks>Threads: one reader. It stays in the namespace it was opened in; see <see cref="NetworkNamespace.Run{T}"/>.</remarks>
public sealed class NetworkMonitor : IDisposable
{
    // Reads that one call makes at most, so that a flood of events cannot keep the caller for ever.
    private const int ReadsPerCall = 64;

    private readonly byte[] _buffer = new byte[NetlinkSocket.BufferBytes];

    private readonly int? _namespaceId;

    private NetworkMonitor(FileDescriptor descriptor, int? namespaceId)
    {
        Descriptor = descriptor;
        _namespaceId = namespaceId;
    }

    /// <summary>For <see cref="Poller"/>: readable when there are events.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Starts to listen in the calling thread's network namespace. What is there already is not an event.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static NetworkMonitor Open(NetworkEventSources sources) => new(NetlinkSocket.Open((uint)sources), null);

    /// <summary>Listens for one other namespace on a socket that hears of all.</summary>
    /// <param name="descriptor">The socket; owned from here on.</param>
    /// <param name="namespaceId">The other namespace's number in the socket's own.</param>
    internal static NetworkMonitor Of(FileDescriptor descriptor, int namespaceId) => new(descriptor, namespaceId);

    /// <summary>Appends the events that wait, without waiting for any.</summary>
    /// <param name="events">Where to; a run of route changes is one event, and so is one of address changes.</param>
    /// <returns>Whether any was added.</returns>
    /// <exception cref="LinuxException">The socket is broken.</exception>
    public bool Read(List<NetworkEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        int before = events.Count;
        for (int i = 0; i < ReadsPerCall; i++)
        {
            int received = NetlinkSocket.Receive(Descriptor, _buffer, out int namespaceId);
            if (received == -Errno.EAGAIN)
                break;
            if (received == -Errno.ENOBUFS)
                events.Add(new NetworkEvent(NetworkEventKind.Overrun, default));
            else if (received < 0)
                throw new LinuxException("recvfrom", "netlink", -received);
            else if (_namespaceId is null || _namespaceId == namespaceId)
                RtnetlinkMessages.ReadEvents(_buffer.AsSpan(0, received), events);
        }

        return events.Count > before;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
