using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>A network namespace of the test's own, deleted at the end.</summary>
internal sealed partial class TunNamespace : IDisposable
{
    private static int _made;

    internal TunNamespace()
    {
        Name = $"chq-test-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
        Ip("netns", "add", Name);
    }

    internal string Name { get; }

    internal static void SkipUnlessPossible()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to make network namespaces");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "needs /dev/net/tun");
    }

    /// <summary>Runs ip(8) and gives back what it prints.</summary>
    internal static string Ip(params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
    }

    /// <summary>Runs ip(8) inside.</summary>
    internal string IpInside(params string[] arguments) => Ip(["-n", Name, .. arguments]);

    /// <summary>Runs something on a thread that lives in the namespace; sockets and devices made there belong to it.</summary>
    internal T Run<T>(Func<T> inside) => Start(inside)();

    /// <summary>As <see cref="Run{T}"/>, at the same time as the caller; the answer waits for the end.</summary>
    internal Func<T> Start<T>(Func<T> inside)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle space = File.OpenHandle($"/run/netns/{Name}");
                Assert.Equal(0, setns(space.DangerousGetHandle().ToInt32(), CloneNewNet));
                result = inside();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return () =>
        {
            Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "A thread in the namespace does not end.");
            failure?.Throw();
            return result;
        };
    }

    public void Dispose() => Ip("netns", "del", Name);

    private const int CloneNewNet = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int fd, int type);
}
