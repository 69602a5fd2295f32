using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Udp;

/// <summary>A UDP socket of one family, bound to every address of the machine.</summary>
/// <remarks>
/// Not connected, never reusing a port that somebody else uses, DF clear on what it sends (so that a datagram larger than the path is
/// fragmented, as the kernel's own tunnels do). It stays in the network namespace it was opened in.
/// Threads: any may send; each receiver has its own <see cref="ReceiveBatch"/>.
/// </remarks>
public sealed partial class UdpSocket : IDisposable
{
    private readonly Segmentation _segmentation;
    private readonly UdpOffloadState _coalescing;

    private UdpSocket(FileDescriptor descriptor, UdpFamily family, UdpOptions options)
    {
        Descriptor = descriptor;
        Family = family;
        Configure(options);
        Port = Bind(options.Port);
        _segmentation = new Segmentation(ProbeSegmentation(options.UseSegmentation));
        _coalescing = ProbeCoalescing(options.UseCoalescing);
    }

    /// <summary>For <see cref="Poller"/>: readable when there is something to receive.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The address family.</summary>
    public UdpFamily Family { get; }

    /// <summary>The port it is bound to, also where the kernel chose it.</summary>
    public ushort Port { get; }

    /// <summary>Which offloads are in use at this moment. Segmentation may step down while the socket is used.</summary>
    public UdpOffloads Offloads => new(_segmentation.State, _coalescing);

    /// <summary>What the kernel grants for received datagrams, in bytes of its own accounting (about twice the payload).</summary>
    public int ReceiveBufferBytes => GetOption(Libc.SOL_SOCKET, Libc.SO_RCVBUF, out int value) ? value : 0;

    /// <summary>What the kernel grants for datagrams to be sent, in bytes of its own accounting (about twice the payload).</summary>
    public int SendBufferBytes => GetOption(Libc.SOL_SOCKET, Libc.SO_SNDBUF, out int value) ? value : 0;

    /// <summary>Opens and binds a socket in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">
    /// EADDRINUSE: the port is taken. EAFNOSUPPORT or EADDRNOTAVAIL: the machine has no IPv6. EPERM: the mark needs CAP_NET_ADMIN.
    /// </exception>
    public static UdpSocket Open(UdpFamily family, UdpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Open(family, options, Libc.IPPROTO_UDP);
    }

    /// <summary>For protocols that are UDP in all but name: UDP-Lite refuses segmentation with EIO, as some devices do.</summary>
    internal static UdpSocket Open(UdpFamily family, UdpOptions options, int protocol)
    {
        int domain = family == UdpFamily.V4 ? Libc.AF_INET : Libc.AF_INET6;
        FileDescriptor descriptor = FileDescriptor.FromResult(
            Libc.socket(domain, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, protocol), "socket");
        try
        {
            return new UdpSocket(descriptor, family, options);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Changes the mark on everything that leaves (SO_MARK).</summary>
    /// <param name="mark">The mark; 0 for none.</param>
    /// <exception cref="LinuxException">EPERM: it needs CAP_NET_ADMIN.</exception>
    public void SetMark(uint mark) => SetOption(Libc.SOL_SOCKET, Libc.SO_MARK, (int)mark);

    /// <summary>Lets further sockets of this user bind the same port (SO_REUSEPORT): see <see cref="UdpOptions.SharesPort"/>.</summary>
    /// <remarks>Set once it is bound, so that a port that somebody else has is found out, even one that is shared.</remarks>
    public void SharePort() => SetOption(Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private void Configure(UdpOptions options)
    {
        SetBuffer(Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, options.BufferBytes);
        SetBuffer(Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF, options.BufferBytes);
        if (options.Mark != 0)
            SetMark(options.Mark);

        if (options.SharesPort)
            SharePort();

        // IP_RECVERR stays off: an ICMP error that anyone may forge must not surface as an error of the next receive.
        if (Family == UdpFamily.V4)
        {
            SetOption(Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.IP_PMTUDISC_DONT);
            SetOption(Libc.IPPROTO_IP, Libc.IP_PKTINFO, 1);
            SetOption(Libc.IPPROTO_IP, Libc.IP_RECVTOS, 1);
            return;
        }

        SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
        SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, Libc.IPV6_PMTUDISC_DONT);
        SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1);
        SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_RECVTCLASS, 1);
    }

    private unsafe ushort Bind(ushort port)
    {
        Span<byte> name = stackalloc byte[SockAddr.Capacity];
        UdpAddress wanted = SockAddr.Any(Family, port);
        uint length = (uint)SockAddr.Write(wanted, name);
        fixed (byte* pointer = name)
        {
            _ = LinuxException.Check(Libc.bind(Descriptor, pointer, length), "bind", wanted.ToString());
            _ = LinuxException.Check(Libc.getsockname(Descriptor, pointer, &length), "getsockname");
        }

        return SockAddr.Read(name[..(int)length]).Port;
    }

    private UdpOffloadState ProbeSegmentation(bool isWanted)
    {
        if (!isWanted)
            return UdpOffloadState.NotWanted;
        return GetOption(Libc.SOL_UDP, Libc.UDP_SEGMENT, out _) ? UdpOffloadState.On : UdpOffloadState.NotSupported;
    }

    private UdpOffloadState ProbeCoalescing(bool isWanted)
    {
        if (!isWanted)
            return UdpOffloadState.NotWanted;

        // Reading it back came with 5.12; the coalescing of the kernels before that is not worth trusting.
        bool isOn = TrySetOption(Libc.SOL_UDP, Libc.UDP_GRO, 1) && GetOption(Libc.SOL_UDP, Libc.UDP_GRO, out int value) && value == 1;
        if (!isOn)
            _ = TrySetOption(Libc.SOL_UDP, Libc.UDP_GRO, 0);
        return isOn ? UdpOffloadState.On : UdpOffloadState.NotSupported;
    }

    private void SetBuffer(int force, int ask, int bytes)
    {
        if (!TrySetOption(Libc.SOL_SOCKET, force, bytes))
            _ = TrySetOption(Libc.SOL_SOCKET, ask, bytes);
    }

    private void SetOption(int level, int option, int value)
    {
        if (!TrySetOption(level, option, value))
            LinuxException.ThrowLast("setsockopt", OptionName(level, option));
    }

    private unsafe bool TrySetOption(int level, int option, int value) =>
        Libc.setsockopt(Descriptor, level, option, &value, sizeof(int)) == 0;

    private unsafe bool GetOption(int level, int option, out int value)
    {
        int result;
        uint length = sizeof(int);
        bool isKnown = Libc.getsockopt(Descriptor, level, option, &result, &length) == 0;
        value = isKnown ? result : 0;
        return isKnown;
    }

    private static string OptionName(int level, int option) => (level, option) switch
    {
        (Libc.SOL_SOCKET, Libc.SO_MARK) => "SO_MARK",
        (Libc.SOL_SOCKET, Libc.SO_REUSEPORT) => "SO_REUSEPORT",
        (Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY) => "IPV6_V6ONLY",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"level {level} option {option}"),
    };
}
