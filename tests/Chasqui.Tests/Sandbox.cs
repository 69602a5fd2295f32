using System.Diagnostics;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Tun;

namespace Chasqui.Tests;

/// <summary>A network namespace of the test's own, with the loopback interface up. It goes with its last descriptor.</summary>
internal sealed class Sandbox : IDisposable
{
    private readonly FileDescriptor _namespace;

    internal Sandbox()
    {
        RootOnly.SkipUnlessPossible();
        _namespace = NetworkNamespace.Create();
        Ip("link set lo up");
    }

    /// <summary>A path that names the namespace to ip(8).</summary>
    internal string Path => $"/proc/{Environment.ProcessId}/fd/{_namespace.DangerousFd}";

    /// <summary>Runs something on a thread that lives in the namespace.</summary>
    internal T Run<T>(Func<T> work) => NetworkNamespace.Run(_namespace, work);

    /// <summary>Makes an interface, down.</summary>
    internal TunDevice CreateTun(string name, int queues = 1) => Run(() => TunDevice.Create(name, 1420, queues));

    /// <summary>Runs ip(8) in the namespace.</summary>
    internal void Ip(string arguments) => Execute("ip", arguments);

    /// <summary>Runs a program in the namespace, and expects it to succeed.</summary>
    internal void Execute(string program, string arguments)
    {
        (int code, string output) = TryExecute(program, arguments);
        Assert.True(code == 0, $"{program} {arguments} ended with {code}: {output}");
    }

    /// <summary>Runs a program in the namespace; a child has the namespace of the thread that starts it.</summary>
    internal (int Code, string Output) TryExecute(string program, string arguments) => Run(() =>
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    });

    public void Dispose() => _namespace.Dispose();
}
