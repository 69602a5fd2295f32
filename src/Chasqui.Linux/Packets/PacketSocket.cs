using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Packets;

/// <summary>Copies of the packets that pass interfaces, from their IP headers on.</summary>
/// <remarks>Source: packet(7). Needs CAP_NET_RAW. Never blocks. Threads: one.</remarks>
public sealed unsafe class PacketSocket : IDisposable
{
    private const int BufferBytes = 8 << 20;

    private PacketSocket(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>For <see cref="Poller"/>: readable when a packet waits.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Packets lost since the last call because nobody took them in time.</summary>
    public long TakeLost()
    {
        Libc.tpacket_stats statistics;
        uint length = (uint)sizeof(Libc.tpacket_stats);
        return Libc.getsockopt(Descriptor, Libc.SOL_PACKET, Libc.PACKET_STATISTICS, &statistics, &length) == 0 ? statistics.tp_drops : 0;
    }

    /// <summary>Opens a socket for one interface in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">EPERM: it takes CAP_NET_RAW. ENODEV: there is no such interface.</exception>
    public static PacketSocket Open(uint interfaceIndex) => Open(interfaceIndex, []);

    /// <summary>Opens a socket for UDP datagrams from or to a port, on all interfaces.</summary>
    /// <exception cref="LinuxException">As above.</exception>
    public static PacketSocket OpenForPort(ushort port) => Open(0, PortFilter.Make(port));

    /// <summary>Takes a packet, without waiting for one.</summary>
    /// <param name="buffer">Receives the packet; what does not fit is cut off.</param>
    /// <param name="packet">What is known of it.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LinuxException">ENETDOWN, once: the interface went down, or is gone.</exception>
    public bool TryReceive(Span<byte> buffer, out CapturedPacket packet)
    {
        packet = default;
        Libc.sockaddr_ll from;
        uint length = (uint)sizeof(Libc.sockaddr_ll);
        nint received;
        fixed (byte* pointer = buffer)
            received = Libc.recvfrom(Descriptor, pointer, (nuint)buffer.Length, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC, &from, &length);
        if (received < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            return errno is Errno.EAGAIN or Errno.EINTR ? false : throw new LinuxException("recvfrom", "packet", errno);
        }

        Libc.timespec stamp;
        bool isStamped = Libc.ioctl(Descriptor, Libc.SIOCGSTAMPNS, &stamp) == 0;
        long when = isStamped ? (stamp.tv_sec * 1_000_000_000) + stamp.tv_nsec : BootClock.UnixNanoseconds();
        packet = new CapturedPacket(
            (int)Math.Min(received, buffer.Length), (int)received, from.sll_pkttype == Libc.PACKET_OUTGOING, (uint)from.sll_ifindex, when);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static PacketSocket Open(uint interfaceIndex, Libc.sock_filter[] filter)
    {
        // Protocol 0 sees nothing: the filter is there before the first packet.
        FileDescriptor descriptor = FileDescriptor.FromResult(
            Libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0), "socket", "packet");
        try
        {
            Configure(descriptor, filter);
            Libc.sockaddr_ll address = new()
            {
                sll_family = Libc.AF_PACKET,
                sll_protocol = SockAddr.Network((ushort)Libc.ETH_P_ALL),
                sll_ifindex = (int)interfaceIndex,
            };
            _ = LinuxException.Check(Libc.bind(descriptor, &address, (uint)sizeof(Libc.sockaddr_ll)), "bind", "packet");
            return new PacketSocket(descriptor);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    private static void Configure(FileDescriptor descriptor, Libc.sock_filter[] filter)
    {
        int bytes = BufferBytes;
        if (Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &bytes, sizeof(int)) != 0)
            _ = Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &bytes, sizeof(int));

        if (filter.Length == 0)
            return;

        fixed (Libc.sock_filter* instructions = filter)
        {
            Libc.sock_fprog program = new() { len = (ushort)filter.Length, filter = instructions };
            _ = LinuxException.Check(
                Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, &program, (uint)sizeof(Libc.sock_fprog)), "setsockopt", "SO_ATTACH_FILTER");
        }
    }
}
