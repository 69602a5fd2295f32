using System.Runtime.ExceptionServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>Does things in another network namespace.</summary>
/// <remarks>
/// Source: network_namespaces(7). A namespace belongs to a thread; the work runs on a thread of its own that ends with it, so
/// no thread of the caller's or of a pool is ever left in the wrong place.
/// </remarks>
public static class NetworkNamespace
{
    /// <summary>Runs something in a namespace and waits for it. A socket opened there stays there, whoever uses it.</summary>
    /// <param name="networkNamespace">A descriptor of the namespace.</param>
    /// <param name="work">What to run; what it throws comes back to the caller.</param>
    /// <exception cref="LinuxException">
    /// EPERM: it needs CAP_SYS_ADMIN. EINVAL: this is no network namespace. EAGAIN: there are no threads left.
    /// </exception>
    public static T Run<T>(FileDescriptor networkNamespace, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(networkNamespace);
        ArgumentNullException.ThrowIfNull(work);
        return OnItsOwnThread(() =>
        {
            _ = LinuxException.Check(Libc.setns(networkNamespace, Libc.CLONE_NEWNET), "setns");
            return work();
        });
    }

    /// <summary>The calling thread's namespace.</summary>
    /// <exception cref="LinuxException">There is no /proc.</exception>
    public static FileDescriptor Current() => Open("/proc/thread-self/ns/net");

    /// <summary>A namespace by its path, such as <c>/var/run/netns/name</c> or <c>/proc/pid/ns/net</c>.</summary>
    /// <exception cref="LinuxException">ENOENT and the like.</exception>
    public static FileDescriptor Open(string path) =>
        FileDescriptor.FromResult(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open", path);

    /// <summary>A new namespace with nothing in it but a loopback interface that is down. It lives as long as its descriptor.</summary>
    /// <exception cref="LinuxException">EPERM: it needs CAP_SYS_ADMIN.</exception>
    public static FileDescriptor Create() => OnItsOwnThread(() =>
    {
        _ = LinuxException.Check(Libc.unshare(Libc.CLONE_NEWNET), "unshare");
        return Current();
    });

    private static T OnItsOwnThread<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        Start(thread);
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private static void Start(Thread thread)
    {
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException)
        {
            // How the runtime reports that there are no threads left, or none of the descriptors that one takes.
            throw new LinuxException("pthread_create", thread.Name!, Errno.EAGAIN);
        }
    }
}
