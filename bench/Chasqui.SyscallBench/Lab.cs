using System.Diagnostics;
using static Chasqui.SyscallBench.Interop.Libc;

namespace Chasqui.SyscallBench;

/// <summary>Two network namespaces, joined by a veth pair; in the measuring one also a device that drops what it is given.</summary>
internal sealed unsafe class Lab : IDisposable
{
    internal const uint Here = 10 << 24 | 9 << 16 | 1 << 8 | 1;
    internal const uint There = Here + 1;
    internal const uint Nowhere = 10 << 24 | 9 << 16 | 2 << 8 | 2;
    internal const uint BehindTun = 10 << 24 | 9 << 16 | 3 << 8 | 2;

    internal const int BufferBytes = 512 << 20;

    internal Lab()
    {
        Measured = new Core(0);
        Peer = new Core(1);
        Measured.Do(() =>
        {
            Run("ip", "link set lo up");
            Run("ip", $"link add va type veth peer name vb netns {Peer.ThreadId}");
            Run("ip", "addr add 10.9.1.1/24 dev va");
            Run("ip", "link set va up");
            OpenDrain();
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        });
        Peer.Do(() =>
        {
            Run("ip", "link set lo up");
            Run("ip", "addr add 10.9.1.2/24 dev vb");
            Run("ip", "link set vb up");
        });
    }

    /// <summary>Core 0: what is measured runs here.</summary>
    internal Core Measured { get; }

    /// <summary>Core 1: the other end.</summary>
    internal Core Peer { get; }

    /// <summary>Opens a socket in the namespace of the calling thread, with the options of the product's.</summary>
    internal static int OpenSocket(ushort port, bool coalesces, bool blocks = false)
    {
        int fd = Check(socket(AF_INET, blocks ? SOCK_DGRAM : SOCK_DGRAM | O_NONBLOCK, 0), "socket");
        SetOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, BufferBytes);
        SetOption(fd, SOL_SOCKET, SO_SNDBUFFORCE, BufferBytes);
        SetOption(fd, IPPROTO_IP, IP_MTU_DISCOVER, 0);
        SetOption(fd, IPPROTO_IP, IP_PKTINFO, 1);
        SetOption(fd, IPPROTO_IP, IP_RECVTOS, 1);
        SetOption(fd, SOL_UDP, UDP_GRO, coalesces ? 1 : 0);
        sockaddr_in any = Address(0, port);
        Check(bind(fd, &any, (uint)sizeof(sockaddr_in)), "bind");
        return fd;
    }

    internal static sockaddr_in Address(uint address, ushort port) => new()
    {
        sin_family = AF_INET,
        sin_port = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port),
        sin_addr = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(address),
    };

    /// <summary>Opens a TUN device with the header of the product's.</summary>
    internal static int OpenTun(string name, string address, short flags)
    {
        int fd;
        fixed (byte* path = "/dev/net/tun"u8)
            fd = Check(open(path, O_RDWR | O_NONBLOCK), "open /dev/net/tun");
        ifreq request = new() { ifr_flags = (short)(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | flags) };
        for (int i = 0; i < name.Length; i++)
            request.ifr_name[i] = (byte)name[i];
        Check(ioctl(fd, TUNSETIFF, &request), "TUNSETIFF");
        Check(ioctl(fd, TUNSETOFFLOAD, (void*)TUN_F_ALL), "TUNSETOFFLOAD");
        Run("ip", $"link set {name} mtu 1420 txqueuelen 8192 up");
        Run("ip", $"addr add {address} dev {name}");
        return fd;
    }

    /// <summary>A TUN device with all offloads and without carrier: its queue drops everything, uncut and uncopied.</summary>
    /// <remarks>It lives as long as the process. The kernel's dummy device would do, where it is built.</remarks>
    private static void OpenDrain()
    {
        int fd = OpenTun("sbdrain", "10.9.2.1/24", 0);
        Run("ip", "link set sbdrain mtu 1500");
        int carrier = 0;
        Check(ioctl(fd, TUNSETCARRIER, &carrier), "TUNSETCARRIER");

        // The kernel replaces the queue a little later, at most a second.
        Thread.Sleep(2000);
    }

    internal static void Run(string program, string arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new IOException($"{program} {arguments}: exit status {process.ExitCode}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Measured.Dispose();
        Peer.Dispose();
    }
}
