using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tun;

/// <summary>A TUN device: a network interface whose packets this process reads and writes.</summary>
/// <remarks>
/// Shape: a frame is a <see cref="VirtioNetHeader"/> and one IP packet or super-packet, also where the device has no such header
/// (a descriptor from elsewhere): then it is all zero on reading and left out on writing.
/// Threads: one may read while another writes. Ownership: owns the descriptor; stop the loops before disposing. When the last
/// descriptor is closed the interface disappears.
/// </remarks>
public sealed class TunDevice : IDisposable
{
    /// <summary>Length in bytes of a buffer that holds any frame.</summary>
    public const int MaxFrameLength = VirtioNetHeader.Length + 65535;

    private const TunOffloads Tcp = TunOffloads.Checksum | TunOffloads.Tso4 | TunOffloads.Tso6;
    private const TunOffloads Udp = TunOffloads.Uso4 | TunOffloads.Uso6;

    private readonly int _fd;

    private TunDevice(FileDescriptor descriptor, string name, int index, bool hasVirtioNetHeader)
    {
        Descriptor = descriptor;
        _fd = descriptor.DangerousFd;
        Name = name;
        Index = index;
        HasVirtioNetHeader = hasVirtioNetHeader;
    }

    /// <summary>The descriptor, for polling; non-blocking and closed on exec.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The interface name at creation; an administrator may rename it later.</summary>
    public string Name { get; }

    /// <summary>The interface index at creation; 0 if the device was handed over and lies in another network namespace.</summary>
    public int Index { get; }

    /// <summary>Whether the device can carry super-packets at all; then it takes joined TCP segments.</summary>
    public bool HasVirtioNetHeader { get; }

    /// <summary>What the kernel may leave to the reader.</summary>
    /// <remarks>A kernel that accepts <see cref="TunOffloads.Uso4"/> takes joined UDP datagrams too.</remarks>
    public TunOffloads Offloads { get; private set; }

    /// <summary>Creates an interface in the network namespace of the calling thread, down and without addresses.</summary>
    /// <param name="name">1 to 15 bytes; "%d" in it becomes the lowest free number.</param>
    /// <param name="mtu">Largest IP packet in bytes.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="LinuxException">
    /// A system call failed: EPERM without CAP_NET_ADMIN, ENOENT without /dev/net/tun, EBUSY if the name is in use.
    /// </exception>
    public static TunDevice Create(string name, int mtu)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new TunLibc.ifreq { ifr_flags = TunLibc.IFF_TUN | TunLibc.IFF_NO_PI | TunLibc.IFF_VNET_HDR };
        WriteName(ref request, name);
        FileDescriptor descriptor = OpenCloneDevice();
        try
        {
            Control(descriptor, "TUNSETIFF", TunLibc.TUNSETIFF, ref request);
            string realName = ReadName(request);
            request.ifr_mtu = mtu;
            ControlInterface("SIOCSIFMTU", TunLibc.SIOCSIFMTU, ref request);
            return Open(descriptor, realName, hasVirtioNetHeader: true);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a TUN device that another process opened.</summary>
    /// <param name="fd">Owned by the device from here on, also if this throws. Its MTU is left as it is.</param>
    /// <remarks>
    /// The device must have been opened with IFF_NO_PI. That cannot be checked: in what TUNGETIFF answers, the same bit is IFF_NOFILTER.
    /// </remarks>
    /// <exception cref="LinuxException">It is no attached TUN device (ENOTTY, EBADFD), or it is a TAP device (EINVAL).</exception>
    public static TunDevice FromDescriptor(int fd)
    {
        var descriptor = new FileDescriptor(fd);
        try
        {
            TunLibc.ifreq request = default;
            Control(descriptor, "TUNGETIFF", TunLibc.TUNGETIFF, ref request);
            if ((request.ifr_flags & TunLibc.IFF_TUN) == 0)
            {
                throw new LinuxException("TUNGETIFF", TunLibc.EINVAL);
            }

            MakeNonBlocking(descriptor);
            return Open(descriptor, ReadName(request), (request.ifr_flags & TunLibc.IFF_VNET_HDR) != 0);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Whether a read or write failed because the interface was deleted.</summary>
    /// <param name="errno">Positive.</param>
    public static bool MeansDeleted(int errno) => errno is TunLibc.EBADFD or TunLibc.ENXIO;

    /// <summary>Whether a write failed because the interface is down. Reading a down interface just finds nothing.</summary>
    /// <param name="errno">Positive.</param>
    public static bool MeansDown(int errno) => errno == TunLibc.EIO;

    /// <summary>Reads one frame without waiting.</summary>
    /// <param name="buffer">At least <see cref="MaxFrameLength"/> bytes; the kernel cuts off what does not fit.</param>
    /// <returns>The length of the frame in bytes; 0 if there is none now; an error number, negative.</returns>
    public unsafe int Read(Span<byte> buffer)
    {
        int skip = 0;
        if (!HasVirtioNetHeader)
        {
            buffer[..VirtioNetHeader.Length].Clear();
            skip = VirtioNetHeader.Length;
        }

        // SAFETY: the kernel writes at most as many bytes as the span has, and the span stays pinned meanwhile.
        fixed (byte* start = buffer[skip..])
        {
            while (true)
            {
                nint length = TunLibc.read(_fd, start, (nuint)(buffer.Length - skip));
                if (length >= 0)
                {
                    return (int)length + skip;
                }

                int errno = Marshal.GetLastPInvokeError();
                if (errno != TunLibc.EINTR)
                {
                    return errno == TunLibc.EAGAIN ? 0 : -errno;
                }
            }
        }
    }

    /// <summary>Writes one frame.</summary>
    /// <returns>0, or an error number, positive. EINVAL says that the kernel does not take this frame.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The frame is shorter than a header.</exception>
    public unsafe int Write(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> bytes = HasVirtioNetHeader ? frame : frame[VirtioNetHeader.Length..];

        // SAFETY: the kernel reads as many bytes as the span has, and the span stays pinned meanwhile.
        fixed (byte* start = bytes)
        {
            while (TunLibc.write(_fd, start, (nuint)bytes.Length) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno != TunLibc.EINTR)
                {
                    return errno;
                }
            }
        }

        return 0;
    }

    /// <summary>Asks the kernel for other offloads, for example fewer after trouble.</summary>
    /// <returns><see langword="false"/> if it knows some of them not; nothing has changed then.</returns>
    public unsafe bool TrySetOffloads(TunOffloads offloads)
    {
        // SAFETY: this request takes a number, not an address.
        if (!HasVirtioNetHeader || TunLibc.ioctl(_fd, TunLibc.TUNSETOFFLOAD, (void*)(nint)(int)offloads) < 0)
        {
            return false;
        }

        Offloads = offloads;
        return true;
    }

    /// <summary>Reads the name that the interface has now, wherever it is.</summary>
    /// <returns><see langword="false"/> if the interface was deleted.</returns>
    public bool TryGetCurrentName(out string name)
    {
        TunLibc.ifreq request = default;
        bool exists = TryControl(Descriptor, TunLibc.TUNGETIFF, ref request);
        name = exists ? ReadName(request) : "";
        return exists;
    }

    /// <summary>Opens the network namespace in which the interface is now; it may have been moved since its creation.</summary>
    /// <returns><see langword="null"/> if the kernel cannot tell (before 5.2), or not this process.</returns>
    public unsafe FileDescriptor? OpenNetworkNamespace()
    {
        // SAFETY: this request takes no argument.
        int fd = TunLibc.ioctl(_fd, TunLibc.TUNGETDEVNETNS, null);
        return fd < 0 ? null : new FileDescriptor(fd);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static TunDevice Open(FileDescriptor descriptor, string name, bool hasVirtioNetHeader)
    {
        var device = new TunDevice(descriptor, name, FindIndex(name), hasVirtioNetHeader);
        if (hasVirtioNetHeader)
        {
            SetHeaderLength(descriptor);
            device.SetBestOffloads();
        }

        return device;
    }

    private void SetBestOffloads()
    {
        _ = TrySetOffloads(Tcp | TunOffloads.TsoEcn | Udp) || TrySetOffloads(Tcp | TunOffloads.TsoEcn) || TrySetOffloads(Tcp)
            || TrySetOffloads(TunOffloads.None);
    }

    private static unsafe FileDescriptor OpenCloneDevice()
    {
        // SAFETY: the literal ends in a zero byte that its length does not count.
        fixed (byte* path = "/dev/net/tun"u8)
        {
            int fd = TunLibc.open(path, TunLibc.O_RDWR | TunLibc.O_NONBLOCK | TunLibc.O_CLOEXEC);
            return fd < 0 ? throw LastError("open /dev/net/tun") : new FileDescriptor(fd);
        }
    }

    private static void MakeNonBlocking(FileDescriptor descriptor)
    {
        int flags = TunLibc.fcntl(descriptor.DangerousFd, TunLibc.F_GETFL, 0);
        if (flags < 0 || TunLibc.fcntl(descriptor.DangerousFd, TunLibc.F_SETFL, flags | TunLibc.O_NONBLOCK) < 0
            || TunLibc.fcntl(descriptor.DangerousFd, TunLibc.F_SETFD, TunLibc.FD_CLOEXEC) < 0)
        {
            throw LastError("fcntl");
        }
    }

    /// <summary>The length is 10 unless the one who opened the descriptor asked for another.</summary>
    private static unsafe void SetHeaderLength(FileDescriptor descriptor)
    {
        int length = VirtioNetHeader.Length;

        // SAFETY: the kernel reads one int.
        if (TunLibc.ioctl(descriptor.DangerousFd, TunLibc.TUNSETVNETHDRSZ, &length) < 0)
        {
            throw LastError("TUNSETVNETHDRSZ");
        }
    }

    private static int FindIndex(string name)
    {
        TunLibc.ifreq request = default;
        WriteName(ref request, name);
        try
        {
            ControlInterface("SIOCGIFINDEX", TunLibc.SIOCGIFINDEX, ref request);
            return request.ifr_ifindex;
        }
        catch (LinuxException)
        {
            return 0;
        }
    }

    private static void Control(FileDescriptor descriptor, string what, uint request, ref TunLibc.ifreq argument)
    {
        if (!TryControl(descriptor, request, ref argument))
        {
            throw LastError(what);
        }
    }

    private static unsafe bool TryControl(FileDescriptor descriptor, uint request, ref TunLibc.ifreq argument)
    {
        // SAFETY: every request passed here reads and writes one struct ifreq.
        fixed (TunLibc.ifreq* pointer = &argument)
        {
            return TunLibc.ioctl(descriptor.DangerousFd, request, pointer) >= 0;
        }
    }

    private static void ControlInterface(string what, uint request, ref TunLibc.ifreq argument)
    {
        int fd = TunLibc.socket(TunLibc.AF_INET, TunLibc.SOCK_DGRAM | TunLibc.SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            throw LastError("socket");
        }

        using var socket = new FileDescriptor(fd);
        Control(socket, what, request, ref argument);
    }

    private static void WriteName(ref TunLibc.ifreq request, string name)
    {
        if (Encoding.UTF8.GetByteCount(name) >= TunLibc.IFNAMSIZ)
        {
            throw new ArgumentException($"An interface name has at most {TunLibc.IFNAMSIZ - 1} bytes.", nameof(name));
        }

        _ = Encoding.UTF8.GetBytes(name, request.ifr_name);
    }

    private static string ReadName(TunLibc.ifreq request)
    {
        ReadOnlySpan<byte> name = request.ifr_name;
        int end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    private static LinuxException LastError(string syscall) => new(syscall, Marshal.GetLastPInvokeError());
}
