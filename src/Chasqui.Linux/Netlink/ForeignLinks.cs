using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>Follows interfaces in other network namespaces without entering them, which takes CAP_NET_ADMIN and not CAP_SYS_ADMIN.</summary>
/// <remarks>
/// A namespace that is followed is not kept alive. Source: NETLINK_LISTEN_ALL_NSID of netlink(7), IFLA_TARGET_NETNSID of linux/if_link.h.
/// The kernel looks at who opened the socket: one that was opened with CAP_NET_BROADCAST hears of other namespaces also when the
/// process has that capability no more. Threads: one at a time; one monitor at a time.
/// </remarks>
public sealed class ForeignLinks : IDisposable
{
    // More than the socket's buffer holds.
    private const int MaxDrained = 65536;

    private readonly Rtnetlink _rtnetlink;

    private ForeignLinks(FileDescriptor descriptor)
    {
        Descriptor = descriptor;
        _rtnetlink = Rtnetlink.Open();
    }

    /// <summary>The socket, for a child that is to follow interfaces with fewer capabilities.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Makes ready in the calling thread's network namespace. Nothing is heard before <see cref="Follow"/>.</summary>
    /// <exception cref="LinuxException">EPERM: it needs CAP_NET_BROADCAST.</exception>
    public static ForeignLinks Open()
    {
        FileDescriptor socket = NetlinkSocket.Open(groups: 0);
        try
        {
            NetlinkSocket.ListenEverywhere(socket);
            return new ForeignLinks(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes over the <see cref="Descriptor"/> of the process that started this one.</summary>
    /// <exception cref="LinuxException">EBADF: there is none.</exception>
    public static ForeignLinks FromDescriptor(int fd) => new(FileDescriptor.Inherit(fd));

    /// <summary>Listens for changes of interfaces in a namespace, and looks for one there.</summary>
    /// <param name="networkNamespace">A descriptor of the other namespace.</param>
    /// <param name="name">The interface's name.</param>
    /// <param name="link">The interface, or null if it is not there.</param>
    /// <returns>What tells of changes from here on; disposing it ends the listening.</returns>
    /// <exception cref="LinuxException">EPERM: it needs CAP_NET_ADMIN there. EMFILE and the like.</exception>
    public NetworkMonitor Follow(FileDescriptor networkNamespace, string name, out LinkInfo? link)
    {
        int id = _rtnetlink.NumberOf(networkNamespace);
        NetlinkSocket.SetMembership(Descriptor, Libc.RTNLGRP_LINK, isMember: true);
        Drain();
        NetworkMonitor monitor = NetworkMonitor.Of(Descriptor.Duplicate(), id);
        try
        {
            // Listens first and looks then, so that no change falls between the two.
            link = name.Length > 0 && _rtnetlink.TryGetLink(name, id, out LinkInfo found) ? found : null;
            return monitor;
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    /// <summary>Hears of nothing any more until the next <see cref="Follow"/>, so that other namespaces' changes wake nobody.</summary>
    public void Rest() => NetlinkSocket.SetMembership(Descriptor, Libc.RTNLGRP_LINK, isMember: false);

    /// <summary>Forgets what was said before: whoever looks now sees what came of it.</summary>
    private void Drain()
    {
        Span<byte> ignored = stackalloc byte[1];
        for (int i = 0; i < MaxDrained && NetlinkSocket.Receive(Descriptor, ignored) is not (-Errno.EAGAIN); i++)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rtnetlink.Dispose();
        Descriptor.Dispose();
    }
}
