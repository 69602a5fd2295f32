using System.Net;
using System.Net.Sockets;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>With real devices, each in a network namespace of its own.</summary>
public class TunDeviceTests
{
    [Fact]
    public void CreatesADeviceThatTheKernelNames()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();

        using TunDevice first = space.Run(() => TunDevice.Create("chqt%d", 1420));
        using TunDevice second = space.Run(() => TunDevice.Create("chqt%d", 1300));

        Assert.Equal(("chqt0", "chqt1"), (first.Name, second.Name));
        Assert.Contains($"{first.Index}: chqt0: <POINTOPOINT,MULTICAST,NOARP> mtu 1420", space.IpInside("link", "show", "chqt0"));
        Assert.Contains($"{second.Index}: chqt1: <POINTOPOINT,MULTICAST,NOARP> mtu 1300", space.IpInside("link", "show", "chqt1"));
    }

    [Fact]
    public void TakesTheOffloadsTheKernelHas()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420));

        Assert.True(device.HasVirtioNetHeader);
        const TunOffloads Tcp = TunOffloads.Checksum | TunOffloads.Tso4 | TunOffloads.Tso6 | TunOffloads.TsoEcn;
        TunOffloads expected = Environment.OSVersion.Version >= new Version(6, 2) ? Tcp | TunOffloads.Uso4 | TunOffloads.Uso6 : Tcp;
        Assert.Equal(expected, device.Offloads);

        Assert.False(device.TrySetOffloads((TunOffloads)0x4000_0000));
        Assert.Equal(expected, device.Offloads);
        Assert.True(device.TrySetOffloads(TunOffloads.None));
        Assert.Equal(TunOffloads.None, device.Offloads);
    }

    [Fact]
    public void SaysWhetherItIsEmptyDownOrDeleted()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420));
        byte[] buffer = new byte[TunDevice.MaxFrameLength];
        byte[] frame = TunPackets.Frame(new TunPackets().Packet([1]));

        Assert.Equal(0, device.Read(buffer));
        Assert.True(TunDevice.MeansDown(device.Write(frame)));

        space.IpInside("link", "set", "chqt0", "up");
        Assert.Equal(0, device.Write(frame));
        Assert.Equal(22, device.Write(TunPackets.Frame([0x50, 0, 0, 0])));

        space.IpInside("link", "del", "chqt0");
        Assert.True(TunDevice.MeansDeleted(-device.Read(buffer)));
        Assert.True(TunDevice.MeansDeleted(device.Write(frame)));
    }

    [Fact]
    public void TellsTheNamespaceItWasMovedTo()
    {
        TunNamespace.SkipUnlessPossible();
        using var before = new TunNamespace();
        using var after = new TunNamespace();
        using TunDevice device = before.Run(() => TunDevice.Create("chqt0", 1420));

        Assert.Equal(before.Run(OwnNamespace), NamespaceOf(device));
        before.IpInside("link", "set", "chqt0", "netns", after.Name);

        Assert.Equal(after.Run(OwnNamespace), NamespaceOf(device));
    }

    [Fact]
    public void RefusesANameThatIsTakenTooLongOrEmpty()
    {
        Assert.Throws<ArgumentException>(() => TunDevice.Create("", 1420));
        Assert.Throws<ArgumentException>(() => TunDevice.Create("sixteen-bytes-xx", 1420));

        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.Create("chqt0", 1420));

        LinuxException e = Assert.Throws<LinuxException>(() => space.Run(() => TunDevice.Create("chqt0", 1420)));
        Assert.Equal(("TUNSETIFF", 16), (e.Syscall, e.Errno));
    }

    [Fact]
    public void ClosesTheDeviceWhenTheMtuIsRefused()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();

        LinuxException e = Assert.Throws<LinuxException>(() => space.Run(() => TunDevice.Create("chqt0", 10)));

        Assert.Equal(("SIOCSIFMTU", 22), (e.Syscall, e.Errno));
        Assert.DoesNotContain("chqt0", space.IpInside("link", "show"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TakesOverADescriptor(bool hasHeader)
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        short flags = (short)(TunLibc.IFF_TUN | TunLibc.IFF_NO_PI | (hasHeader ? TunLibc.IFF_VNET_HDR : 0));

        using TunDevice device = space.Run(() => TunDevice.FromDescriptor(OpenRaw(flags)));

        Assert.Equal("chqraw0", device.Name);
        Assert.Equal(hasHeader, device.HasVirtioNetHeader);
        Assert.Equal(hasHeader, device.Offloads != TunOffloads.None);
        Assert.Contains($"{device.Index}: chqraw0", space.IpInside("link", "show", "chqraw0"));
        Assert.Equal(0, device.Read(new byte[TunDevice.MaxFrameLength]));
    }

    [Fact]
    public void GivesAndTakesFramesWithAHeaderEvenIfTheDeviceHasNone()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.FromDescriptor(OpenRaw((short)(TunLibc.IFF_TUN | TunLibc.IFF_NO_PI))));
        Configure(space, "chqraw0", "10.77.0.1/24");

        byte[] sent = space.Run(() => Exchange(device));

        Assert.Equal("hello"u8, sent);
    }

    [Fact]
    public void RefusesATapDevice()
    {
        const short Tap = 2;
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();

        LinuxException e = Assert.Throws<LinuxException>(() => space.Run(() => TunDevice.FromDescriptor(OpenRaw(Tap | TunLibc.IFF_NO_PI))));

        Assert.Equal(("TUNGETIFF", 22), (e.Syscall, e.Errno));
        Assert.DoesNotContain("chqraw0", space.IpInside("link", "show"));
    }

    [Fact]
    public void RefusesADescriptorThatIsNoTunDevice()
    {
        int fd = TunLibc.socket(TunLibc.AF_INET, TunLibc.SOCK_DGRAM, 0);

        Assert.Throws<LinuxException>(() => TunDevice.FromDescriptor(fd));

        Assert.Equal(-1, TunLibc.fcntl(fd, TunLibc.F_GETFL, 0));
    }

    internal static void Configure(TunNamespace space, string device, params string[] addresses)
    {
        space.IpInside("link", "set", "lo", "up");
        space.IpInside("link", "set", device, "up");
        foreach (string address in addresses)
        {
            string[] withoutDelay = address.Contains(':') ? ["nodad"] : [];
            space.IpInside(["addr", "add", address, "dev", device, .. withoutDelay]);
        }
    }

    /// <summary>Sends a datagram out of the device, turns it around, and receives it.</summary>
    private static byte[] Exchange(TunDevice device)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(IPAddress.Parse("10.77.0.1"), 4000));
        socket.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse("10.77.0.2"), 4000));
        byte[] frame = new byte[TunDevice.MaxFrameLength];

        // The kernel may say things of its own first, to multicast groups.
        int length;
        do
        {
            length = device.Read(frame);
            Assert.InRange(length, 1, frame.Length);
        }
        while (frame[VirtioNetHeader.Length] != 0x45 || frame[VirtioNetHeader.Length + 9] != 17);

        Assert.False(frame.AsSpan(0, VirtioNetHeader.Length).ContainsAnyExcept((byte)0));
        (frame[25], frame[29]) = (frame[29], frame[25]);
        Assert.Equal(0, device.Write(frame.AsSpan(0, length)));
        byte[] received = new byte[100];
        return received[..socket.Receive(received)];
    }

    private static unsafe int OpenRaw(short flags)
    {
        fixed (byte* path = "/dev/net/tun"u8)
        {
            int fd = TunLibc.open(path, TunLibc.O_RDWR);
            var request = new TunLibc.ifreq { ifr_flags = flags };
            "chqraw0"u8.CopyTo(request.ifr_name);
            Assert.Equal(0, TunLibc.ioctl(fd, TunLibc.TUNSETIFF, &request));
            return fd;
        }
    }

    private static string NamespaceOf(TunDevice device)
    {
        using FileDescriptor? space = device.OpenNetworkNamespace();
        Assert.NotNull(space);
        return new FileInfo($"/proc/self/fd/{space.DangerousFd}").LinkTarget!;
    }

    private static string OwnNamespace() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;
}
