using System.Net;
using Chasqui.Linux.Netlink;

namespace Chasqui.Linux.Tests.Netlink;

public sealed class NetworkMonitorTests
{
    [Fact]
    public void TellsOfALinkThatComesChangesMovesAndGoes()
    {
        using Sandbox sandbox = new();
        using FileDescriptor elsewhere = NetworkNamespace.Create();
        using NetworkMonitor monitor = sandbox.Run(() => NetworkMonitor.Open(NetworkEventSources.Links));
        using NetworkMonitor other = NetworkNamespace.Run(elsewhere, () => NetworkMonitor.Open(NetworkEventSources.Links));

        sandbox.Ip("link add v0 mtu 1420 type veth peer name v1");
        Assert.True(sandbox.Rtnetlink.TryGetLink("v0", out LinkInfo link));
        Assert.Contains(Drain(monitor), e => e is { Kind: NetworkEventKind.LinkChanged, Link: { Name: "v0", Mtu: 1420, IsUp: false } });

        sandbox.Rtnetlink.SetLinkUp(link.Index, true);
        Assert.Contains(Drain(monitor), e => e.Kind == NetworkEventKind.LinkChanged && e.Link.Index == link.Index && e.Link.IsUp);

        sandbox.Ip($"link set v0 netns /proc/{Environment.ProcessId}/fd/{elsewhere.DangerousFd}");
        List<NetworkEvent> leaving = Drain(monitor);
        Assert.Contains(leaving, e => e.Kind == NetworkEventKind.LinkMoved && e.Link.Name == "v0");
        Assert.DoesNotContain(leaving, e => e.Kind == NetworkEventKind.LinkDeleted);
        Assert.Contains(Drain(other), e => e.Kind == NetworkEventKind.LinkChanged && e.Link.Name == "v0");

        sandbox.Ip("link del v1");
        Assert.Contains(Drain(monitor), e => e.Kind == NetworkEventKind.LinkDeleted && e.Link.Name == "v1");
    }

    [Fact]
    public void TellsOfRoutesAndAddressesOnceARun()
    {
        using Sandbox sandbox = new();
        using NetworkMonitor monitor = sandbox.Run(
            () => NetworkMonitor.Open(NetworkEventSources.Routes | NetworkEventSources.Addresses));
        for (int i = 1; i < 20; i++)
            sandbox.Rtnetlink.AddRoute(sandbox.LoopbackIndex, IPNetwork.Parse($"198.51.{i}.0/24"), 0);

        Assert.Equal([NetworkEventKind.RoutesChanged], Drain(monitor).Select(e => e.Kind));

        sandbox.Rtnetlink.AddAddress(sandbox.LoopbackIndex, IPAddress.Parse("192.0.2.1"), 32);
        Assert.Contains(Drain(monitor), e => e.Kind == NetworkEventKind.AddressesChanged);

        sandbox.Ip("rule add fwmark 1 table 7");
        Assert.Contains(Drain(monitor), e => e.Kind == NetworkEventKind.RoutesChanged);
    }

    [Fact]
    public void SaysThatEventsWereLost()
    {
        using Sandbox sandbox = new();
        using NetworkMonitor monitor = sandbox.Run(() => NetworkMonitor.Open(NetworkEventSources.Links));
        for (int i = 0; i < 3000; i++)
            sandbox.Rtnetlink.SetMtu(sandbox.LoopbackIndex, 2000 + (i % 2));

        Assert.Contains(Drain(monitor), e => e.Kind == NetworkEventKind.Overrun);
    }

    [Fact]
    public void NothingHappenedIsNothingRead()
    {
        using Sandbox sandbox = new();
        using NetworkMonitor monitor = sandbox.Run(() => NetworkMonitor.Open(NetworkEventSources.Links));
        List<NetworkEvent> events = [];

        Assert.False(monitor.Read(events));
        Assert.Empty(events);
    }

    /// <summary>Waits for events and reads until there are no more.</summary>
    private static List<NetworkEvent> Drain(NetworkMonitor monitor)
    {
        List<NetworkEvent> events = [];
        Assert.NotEqual(PollEvents.None, Poller.WaitOne(monitor.Descriptor, PollEvents.Read, 10_000));
        while (monitor.Read(events))
        {
        }

        return events;
    }
}
