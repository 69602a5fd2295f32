using Chasqui.Control;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Icmp;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Processes;
using Chasqui.Linux.Tun;

namespace Chasqui.Cli.Commands.Daemon;

/// <summary>What it takes privileges to open: the interface, the control sockets, and what hears of other namespaces and of the network.</summary>
/// <remarks>Ownership: all of it until <see cref="Dispose"/>, which takes the sockets' names away, or <see cref="GiveAway"/>.</remarks>
internal sealed class DaemonParts : IDisposable
{
    private const int DefaultMtu = 1420;

    private DaemonParts(TunDevice tun, UnixListener listener, UnixListener? controlListener, PrivilegedSockets privileged)
    {
        Tun = tun;
        Listener = listener;
        ControlListener = controlListener;
        Privileged = privileged;
    }

    /// <summary>The interface.</summary>
    internal TunDevice Tun { get; }

    /// <summary>UAPI's socket.</summary>
    internal UnixListener Listener { get; }

    /// <summary>Our own control socket; null where there is no place for it.</summary>
    internal UnixListener? ControlListener { get; }

    /// <summary>What a device listens to besides.</summary>
    internal PrivilegedSockets Privileged { get; }

    /// <summary>Opens everything, or takes over what the environment names.</summary>
    /// <exception cref="IOException">What is missing, and the remedy; nothing is left open.</exception>
    internal static DaemonParts Open(string name, StderrLogger logger)
    {
        TunDevice tun = OpenTun(name);
        UnixListener? listener = null;
        UnixListener? controlListener = null;
        try
        {
            listener = OpenListener(tun.Name);
            controlListener = OpenControlListener(tun.Name, logger);
            return new DaemonParts(tun, listener, controlListener, OpenPrivileged());
        }
        catch
        {
            controlListener?.Dispose();
            listener?.Dispose();
            tun.Dispose();
            throw;
        }
    }

    /// <summary>Closes what another process has now; the names of its sockets stay, and stay watched by nobody here.</summary>
    internal void GiveAway() => Tun.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        Privileged.Dispose();
        ControlListener?.Dispose();
        Listener.Dispose();
        Tun.Dispose();
    }

    private static TunDevice OpenTun(string name)
    {
        if (DaemonVariables.Descriptor(DaemonVariables.Tun) is { } fd)
        {
            return TakeOver(DaemonVariables.Tun, fd, "a TUN device opened with IFF_NO_PI", TakeOverTun);
        }

        try
        {
            return TunDevice.Create(name, DefaultMtu, Lanes.Wanted());
        }
        catch (LinuxException exception)
        {
            throw new IOException($"cannot create the interface `{name}': {exception.Message}. {Remedy(exception.Errno)}", exception);
        }
    }

    /// <summary>The first descriptor, and the other queues if this process was started by one of ours.</summary>
    private static TunDevice TakeOverTun(int fd) => TunDevice.FromDescriptors(fd, DaemonVariables.Descriptors(DaemonVariables.ExtraQueues));

    private static string Remedy(int errno) => errno switch
    {
        Errno.EBUSY => "Something has that interface already; \"ip link show\" lists them",
        Errno.EPERM or Errno.EACCES => "It takes root, or CAP_NET_ADMIN",
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO => "Is there a /dev/net/tun? \"modprobe tun\" makes it; a container needs --device /dev/net/tun",
        Errno.EINVAL => "The kernel takes the name for something else: an interface that is no TUN device, or letters that it does not allow",
        _ => "See ip-link(8)",
    };

    private static UnixListener OpenListener(string name)
    {
        if (DaemonVariables.Descriptor(DaemonVariables.Uapi) is { } fd)
        {
            return TakeOver(DaemonVariables.Uapi, fd, "a listening UNIX socket", UnixListener.FromDescriptor);
        }

        string path = UapiServer.PathOf(name);
        try
        {
            return UnixListener.Bind(path);
        }
        catch (LinuxException exception)
        {
            string remedy = exception.Errno switch
            {
                Errno.EADDRINUSE => "Another daemon answers there: end it, or take another name",
                Errno.EACCES or Errno.EPERM or Errno.EROFS => "The directory must be writable: it takes root, or whoever owns it",
                _ => "See unix(7)",
            };
            throw new IOException($"cannot listen on {path}: {exception.Message}. {remedy}", exception);
        }
    }

    private static T TakeOver<T>(string variable, int fd, string what, Func<int, T> takeOver)
    {
        try
        {
            return takeOver(fd);
        }
        catch (LinuxException exception)
        {
            throw new IOException($"{variable}={fd}: {exception.Message}. It must be the number of {what}, or unset", exception);
        }
    }

    /// <summary>Our own control socket; a daemon whose machine has no place for it carries packets all the same.</summary>
    private static UnixListener? OpenControlListener(string name, StderrLogger logger)
    {
        if (DaemonVariables.Descriptor(DaemonVariables.Control) is { } fd)
        {
            return UnixListener.FromDescriptor(fd, ControlServer.PathOf(name));
        }

        if (DaemonVariables.Value(DaemonVariables.Stage) is not null)
        {
            return null; // the process before this one could not, and has said so
        }

        try
        {
            return ControlServer.Listen(name);
        }
        catch (LinuxException exception)
        {
            logger.WriteError($"{name}: there is no {ControlServer.PathOf(name)}: {exception.Message}; \"chasqui explain\" will know less");
            return null;
        }
    }

    /// <summary>What the process before this one could open, if there was one.</summary>
    private static PrivilegedSockets OpenPrivileged() => DaemonVariables.Value(DaemonVariables.Stage) is null
        ? PrivilegedSockets.Open()
        : new PrivilegedSockets(
            DaemonVariables.Descriptor(DaemonVariables.Links) is { } fd ? ForeignLinks.FromDescriptor(fd) : null,
            [.. DaemonVariables.Descriptors(DaemonVariables.Errors).Select(NetworkErrorSocket.FromDescriptor)]);
}
