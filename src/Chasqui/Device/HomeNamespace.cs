using System.Globalization;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;

namespace Chasqui.Device;

/// <summary>The network namespace in which a device was opened. Its sockets are opened there, whichever thread asks.</summary>
/// <remarks>Threads: any. Costs another thread for a moment only when the caller is in another namespace.</remarks>
internal sealed class HomeNamespace : IDisposable
{
    private readonly FileDescriptor? _descriptor;
    private readonly string? _name;

    /// <summary>Remembers the calling thread's namespace.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    internal HomeNamespace()
    {
        try
        {
            _descriptor = NetworkNamespace.Current();
            _name = CurrentName();
        }
        catch (LinuxException exception) when (exception.Errno == Errno.ENOENT)
        {
            // No /proc: then nobody here can tell namespaces apart, and everything is done where the caller is.
        }
    }

    /// <summary>Whether a descriptor's namespace is this one.</summary>
    internal bool Is(FileDescriptor networkNamespace) =>
        _name is null || new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{networkNamespace.DangerousFd}")).LinkTarget == _name;

    /// <summary>Runs something at home.</summary>
    internal T Run<T>(Func<T> work) => _descriptor is null || CurrentName() == _name ? work() : NetworkNamespace.Run(_descriptor, work);

    /// <inheritdoc/>
    public void Dispose() => _descriptor?.Dispose();

    // A name such as net:[4026531840]: the number is the namespace's, as long as somebody holds it open.
    private static string? CurrentName() => new FileInfo("/proc/thread-self/ns/net").LinkTarget;
}
