using System.Globalization;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;

namespace Chasqui.Device;

/// <summary>The network namespace in which a device was opened. Its sockets are opened there, whichever thread asks.</summary>
/// <remarks>Threads: any. Costs another thread for a moment only when the caller is in another namespace.</remarks>
internal sealed class HomeNamespace : IDisposable
{
    private readonly ForeignLinks? _foreign;
    private readonly FileDescriptor? _descriptor;
    private readonly string? _name;

    /// <summary>Remembers the calling thread's namespace.</summary>
    /// <param name="foreign">What looks into other namespaces from this one; owned from here on. Null to open one, if that is allowed.</param>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    internal HomeNamespace(ForeignLinks? foreign = null)
    {
        _foreign = foreign ?? TryOpenForeign();
        try
        {
            _descriptor = NetworkNamespace.Current();
            _name = CurrentName();
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENOENT)
        {
            // No /proc: then nobody here can tell namespaces apart, and everything is done where the caller is.
        }
        catch
        {
            _foreign?.Dispose();
            throw;
        }
    }

    /// <summary>What follows interfaces that have left; null if the kernel does not let this process hear of them.</summary>
    internal ForeignLinks? Foreign => _foreign;

    /// <summary>Whether a descriptor's namespace is this one.</summary>
    internal bool Is(FileDescriptor networkNamespace) =>
        _name is null || new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{networkNamespace.DangerousFd}")).LinkTarget == _name;

    /// <summary>Runs something at home.</summary>
    internal T Run<T>(Func<T> work) => _descriptor is null || CurrentName() == _name ? work() : NetworkNamespace.Run(_descriptor, work);

    /// <inheritdoc/>
    public void Dispose()
    {
        _foreign?.Dispose();
        _descriptor?.Dispose();
    }

    private static ForeignLinks? TryOpenForeign()
    {
        try
        {
            return ForeignLinks.Open();
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPERM or Errno.ENOPROTOOPT)
        {
            return null;
        }
    }

    // A name such as net:[4026531840]: the number is the namespace's, as long as somebody holds it open.
    private static string? CurrentName() => new FileInfo("/proc/thread-self/ns/net").LinkTarget;
}
