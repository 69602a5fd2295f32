namespace Chasqui.Linux.Udp;

/// <summary>How a <see cref="UdpSocket"/> is opened.</summary>
public sealed record UdpOptions
{
    /// <summary>What the kernel is asked to queue in each direction unless told otherwise: 7 MiB.</summary>
    public const int DefaultBufferBytes = 7 << 20;

    /// <summary>The port to listen on; 0 lets the kernel choose a free one.</summary>
    public ushort Port { get; init; }

    /// <summary>The mark on everything that leaves (SO_MARK), 0 for none. Another needs CAP_NET_ADMIN.</summary>
    public uint Mark { get; init; }

    /// <summary>Whether to bind a port beside sockets that let it (<see cref="UdpSocket.SharePort"/>).</summary>
    /// <remarks>
    /// The kernel deals datagrams out by a hash of both addresses and ports, so those of one sender stay with one socket, in order,
    /// as long as the sockets are the same. Source: SO_REUSEPORT in socket(7).
    /// </remarks>
    public bool SharesPort { get; init; }

    /// <summary>What the kernel may queue in each direction, in bytes; the system's limit applies without CAP_NET_ADMIN.</summary>
    public int BufferBytes { get; init; } = DefaultBufferBytes;

    /// <summary>Whether to send many datagrams in one call where the kernel can.</summary>
    public bool UseSegmentation { get; init; } = true;

    /// <summary>Whether to receive many datagrams in one message where the kernel can.</summary>
    public bool UseCoalescing { get; init; } = true;
}
