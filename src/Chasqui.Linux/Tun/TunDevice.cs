using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tun;

/// <summary>A TUN device: a network interface whose packets this process reads and writes.</summary>
/// <remarks>
/// Shape: a frame is a <see cref="VirtioNetHeader"/> and one IP packet or super-packet, also where the device has no such header
/// (a descriptor from elsewhere): then it is all zero on reading and left out on writing.
/// An object is one queue of its interface; that which was created or taken over is the first of <see cref="Queues"/> and stands for
/// the whole. The kernel puts the packets of one flow into one queue, and learns which from what is written: where a flow's packets
/// were written last, there its answers are read. What is told of the interface is the same for all of them.
/// Threads: on each queue, one may read while another writes. Ownership: owns the descriptor, and the first the other queues; stop the
/// loops before disposing. When the last descriptor is closed the interface disappears.
/// Source: tuntap.rst of the kernel's documentation, "Multiqueue tuntap interface"; tun_automq_select_queue of drivers/net/tun.c.
/// </remarks>
public sealed partial class TunDevice : IDisposable
{
    /// <summary>Length in bytes of a buffer that holds any frame.</summary>
    public const int MaxFrameLength = VirtioNetHeader.Length + 65535;

    private const TunOffloads Tcp = TunOffloads.Checksum | TunOffloads.Tso4 | TunOffloads.Tso6;
    private const TunOffloads Udp = TunOffloads.Uso4 | TunOffloads.Uso6;

    private readonly int _fd;
    private readonly TunDevice _first;
    private TunDevice[] _queues;
    private TunOffloads _offloads;

    private TunDevice(FileDescriptor descriptor, string name, int index, bool hasVirtioNetHeader, TunDevice? first = null)
    {
        _first = first ?? this;
        _queues = [this];
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
    public TunOffloads Offloads => _first._offloads;

    /// <summary>All queues of the interface that are ours, this one first; another than the first knows itself only.</summary>
    public IReadOnlyList<TunDevice> Queues => _queues;

    /// <summary>Creates an interface in the network namespace of the calling thread, down and without addresses.</summary>
    /// <param name="name">1 to 15 bytes; "%d" in it becomes the lowest free number.</param>
    /// <param name="mtu">Largest IP packet in bytes.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="LinuxException">
    /// A system call failed: EPERM without CAP_NET_ADMIN, ENOENT without /dev/net/tun, EBUSY if the name is in use.
    /// </exception>
    public static TunDevice Create(string name, int mtu) => Create(name, mtu, 1);

    /// <summary>Creates an interface with several queues, each to be read and written by a thread of its own.</summary>
    /// <param name="name">1 to 15 bytes; "%d" in it becomes the lowest free number.</param>
    /// <param name="mtu">Largest IP packet in bytes.</param>
    /// <param name="queues">
    /// How many queues, 1 to 256. There may be fewer in the end: an interface that existed before (<c>ip tuntap add</c>) may have one
    /// only, and the kernel may refuse another. With 1 the interface cannot have more.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="LinuxException">As for one queue.</exception>
    public static TunDevice Create(string name, int mtu, int queues)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queues);
        FileDescriptor descriptor = OpenCloneDevice();
        try
        {
            TunLibc.ifreq request = Attach(descriptor, name, ref queues);
            string realName = ReadName(request);
            request.ifr_mtu = mtu;
            ControlInterface("SIOCSIFMTU", TunLibc.SIOCSIFMTU, ref request);
            TunDevice device = Open(descriptor, realName, hasVirtioNetHeader: true);
            device.AddQueues(queues);
            return device;
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

    /// <summary>Takes over a TUN device with the queues that another process opened.</summary>
    /// <param name="fd">The first queue; all are owned by the device from here on, also if this throws.</param>
    /// <param name="others">The other queues of the same interface.</param>
    /// <exception cref="LinuxException">As for one queue, or a descriptor is no queue of that interface (EINVAL).</exception>
    public static TunDevice FromDescriptors(int fd, ReadOnlySpan<int> others)
    {
        FileDescriptor[] owned = new FileDescriptor[others.Length];
        for (int i = 0; i < owned.Length; i++)
        {
            owned[i] = new FileDescriptor(others[i]);
        }

        TunDevice? device = null;
        try
        {
            device = FromDescriptor(fd);
            foreach (FileDescriptor other in owned)
            {
                device.TakeOverQueue(other);
            }

            return device;
        }
        catch
        {
            device?.Dispose();
            Array.ForEach(owned, other => other.Dispose());
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

        _first._offloads = offloads;
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
    public void Dispose()
    {
        foreach (TunDevice queue in _queues)
        {
            queue.Descriptor.Dispose();
        }
    }

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
