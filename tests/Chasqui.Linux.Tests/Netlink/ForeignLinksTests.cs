using Chasqui.Linux.Netlink;

namespace Chasqui.Linux.Tests.Netlink;

public sealed class ForeignLinksTests
{
    [Fact]
    public void TellsOfALinkInAnotherNamespace()
    {
        using Sandbox home = new();
        using Sandbox other = new();
        using ForeignLinks foreign = home.Run(ForeignLinks.Open);
        other.Ip("link add v0 mtu 1420 type veth peer name v1");

        using NetworkMonitor monitor = foreign.Follow(other.Namespace, "v0", out LinkInfo? found);
        Assert.Equal(("v0", 1420, false), (found!.Value.Name, found.Value.Mtu, found.Value.IsUp));

        other.Ip("link set v0 up mtu 1280");
        Assert.Contains(Drain(monitor), e => e.Link is { Name: "v0", Mtu: 1280, IsUp: true });

        other.Ip("link del v0");
        Assert.Contains(Drain(monitor), e => e.Kind == NetworkEventKind.LinkDeleted && e.Link.Index == found.Value.Index);
    }

    [Fact]
    public void HearsNeitherOfHomeNorOfAThirdNamespaceNorAtRest()
    {
        using Sandbox home = new();
        using Sandbox other = new();
        using Sandbox third = new();
        using ForeignLinks foreign = home.Run(ForeignLinks.Open);
        using NetworkMonitor ofThird = foreign.Follow(third.Namespace, "lo", out _);
        using NetworkMonitor monitor = foreign.Follow(other.Namespace, "lo", out LinkInfo? loopback);
        Assert.NotNull(loopback);

        home.Ip("link set lo mtu 1500");
        third.Ip("link set lo mtu 1500");
        other.Ip("link set lo mtu 1501");
        Assert.Equal([1501], Drain(monitor).Select(e => e.Link.Mtu).Distinct());

        foreign.Rest();
        other.Ip("link set lo mtu 1502");
        Assert.Equal(PollEvents.None, Poller.WaitOne(monitor.Descriptor, PollEvents.Read, 0));
    }

    [Fact]
    public void ANameThatIsNotThereIsNotFoundAndMayComeLater()
    {
        using Sandbox home = new();
        using Sandbox other = new();
        using ForeignLinks foreign = home.Run(ForeignLinks.Open);

        using NetworkMonitor monitor = foreign.Follow(other.Namespace, "v0", out LinkInfo? found);
        Assert.Null(found);

        other.Ip("link add v0 type veth peer name v1");
        Assert.Contains(Drain(monitor), e => e.Link.Name == "v0");
    }

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
