using Chasqui.Linux;
using Chasqui.Linux.Icmp;
using Chasqui.Linux.Netlink;

namespace Chasqui.Device;

/// <summary>What a device listens to and takes privileges to open: a process that has given them up is handed it.</summary>
/// <remarks>All of it may be missing: then less is known, and the device works. Ownership: of the sockets, until <see cref="Dispose"/>.</remarks>
public sealed class PrivilegedSockets : IDisposable
{
    /// <summary>Takes over sockets.</summary>
    /// <param name="foreign">See <see cref="Foreign"/>.</param>
    /// <param name="errors">See <see cref="Errors"/>.</param>
    public PrivilegedSockets(ForeignLinks? foreign, IReadOnlyList<NetworkErrorSocket> errors)
    {
        Foreign = foreign;
        Errors = errors;
    }

    /// <summary>What follows the interface when it leaves the namespace; null if the kernel does not let this process hear of it.</summary>
    public ForeignLinks? Foreign { get; }

    /// <summary>What hears ICMP say that datagrams did not arrive, one of each family that there is; empty without CAP_NET_RAW.</summary>
    public IReadOnlyList<NetworkErrorSocket> Errors { get; }

    /// <summary>Opens what may be opened, in the calling thread's network namespace.</summary>
    public static PrivilegedSockets Open() => new(TryOpen(ForeignLinks.Open), [.. OpenErrors(isV6: false), .. OpenErrors(isV6: true)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        Foreign?.Dispose();
        foreach (NetworkErrorSocket socket in Errors)
        {
            socket.Dispose();
        }
    }

    private static IEnumerable<NetworkErrorSocket> OpenErrors(bool isV6)
    {
        if (TryOpen(() => NetworkErrorSocket.Open(isV6)) is { } socket)
        {
            yield return socket;
        }
    }

    private static T? TryOpen<T>(Func<T> open)
        where T : class
    {
        try
        {
            return open();
        }
        catch (LinuxException)
        {
            return null; // not allowed, or the machine has no such family
        }
    }
}
