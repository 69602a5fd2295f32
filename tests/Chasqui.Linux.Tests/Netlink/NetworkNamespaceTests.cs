using Chasqui.Linux.Netlink;

namespace Chasqui.Linux.Tests.Netlink;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void TheCallersThreadStaysWhereItIs()
    {
        using Sandbox sandbox = new();
        string before = Id();

        string inside = sandbox.Run(Id);

        Assert.NotEqual(before, inside);
        Assert.Equal(before, Id());
        Assert.Equal(inside, sandbox.Run(Id));
    }

    [Fact]
    public void WhatIsThrownInsideComesOut()
    {
        using Sandbox sandbox = new();

        _ = Assert.Throws<FormatException>(() => sandbox.Run<int>(() => throw new FormatException("inside")));
    }

    [Fact]
    public void ADescriptorOfSomethingElseIsRefused()
    {
        if (Environment.UserName != "root")
            Assert.Skip("Needs root to enter a network namespace.");
        using EventFd flag = new();

        LinuxException refused = Assert.Throws<LinuxException>(() => NetworkNamespace.Run(flag.Descriptor, () => 0));

        Assert.Equal("setns", refused.Syscall);
        Assert.Equal(Errno.EINVAL, refused.Errno);
    }

    [Fact]
    public void AMissingNamespaceIsNamed()
    {
        LinuxException refused = Assert.Throws<LinuxException>(() => NetworkNamespace.Open("/var/run/netns/no-such-namespace"));

        Assert.Contains("no-such-namespace", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.ENOENT, refused.Errno);
    }

    private static string Id() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;
}
