using System.Diagnostics;
using Chasqui.Linux.Netlink;

namespace Chasqui.Linux.Tests.Netlink;

/// <summary>A network namespace of the test's own, with the loopback interface up.</summary>
internal sealed class Sandbox : IDisposable
{
    internal Sandbox()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Needs root to make a network namespace.");
        Namespace = NetworkNamespace.Create();
        Rtnetlink = Run(Rtnetlink.Open);
        Assert.True(Rtnetlink.TryGetLink("lo", out LinkInfo loopback));
        LoopbackIndex = loopback.Index;
        Rtnetlink.SetLinkUp(loopback.Index, true);
    }

    internal FileDescriptor Namespace { get; }

    internal Rtnetlink Rtnetlink { get; }

    internal uint LoopbackIndex { get; }

    internal T Run<T>(Func<T> work) => NetworkNamespace.Run(Namespace, work);

    /// <summary>Runs ip(8) in the namespace; a child has the namespace of the thread that starts it.</summary>
    internal void Ip(string arguments)
    {
        int exitCode = Run(() =>
        {
            using Process process = Process.Start("ip", arguments);
            process.WaitForExit();
            return process.ExitCode;
        });
        Assert.True(exitCode == 0, $"ip {arguments} ended with {exitCode}");
    }

    public void Dispose()
    {
        Rtnetlink.Dispose();
        Namespace.Dispose();
    }
}
