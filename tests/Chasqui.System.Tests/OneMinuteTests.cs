using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>From nothing to a tunnel by <c>new</c>, <c>up</c> and <c>peer add</c>; changes of a running hub's peers leave the others alone.</summary>
public sealed class OneMinuteTests : SystemTest
{
    private const string Inside = "10.8.0.1";

    [Fact]
    public void TwoCommandsAndThePrintedFileMakeATunnel()
    {
        Scene scene = BuildScene();

        // Stock tools read what was printed.
        WgQuick phone = Own(new WgQuick(Implementation.WireguardGo, scene.Left));
        phone.Up(scene.Peer("add", "phone", "--endpoint", "198.18.1.1").Output);

        Poll.Until(() => scene.Left.Ping(Inside), "no traffic through the tunnel");
        Assert.True(scene.Hub.Ping("10.8.0.2"));
        string list = scene.Peer("list").Output;
        Assert.Contains("phone", list, StringComparison.Ordinal);
        Assert.Contains("10.8.0.2/32", list, StringComparison.Ordinal);
        Assert.Contains("198.18.1.2:", list, StringComparison.Ordinal);

        // And the hub's file, edited.
        string stripped = Command.Run($"wg-quick strip {scene.Quick.File}").Output;
        Assert.Equal(stripped, Command.Run($"{scene.Quick.DaemonPath} strip {scene.Quick.File}").Output);
        new Wg(scene.Quick.Interface).SyncConf(stripped);
        Assert.True(scene.Left.Ping(Inside));
    }

    [Fact]
    public void ChangesOfOnePeerLeaveTheSessionsOfOthers()
    {
        Scene scene = BuildScene();
        WgQuick phone = scene.NewClient(scene.Left), tablet = scene.NewClient(scene.Right);
        Own(phone);
        Own(tablet);
        phone.Up(scene.Peer("add", "phone", "--endpoint", "198.18.1.1").Output);
        Poll.Until(() => scene.Left.Ping(Inside), "no traffic from the phone");
        string session = scene.Handshake("10.8.0.2/32");

        string first = scene.Peer("add", "tablet", "--endpoint", "198.18.2.1", "--allowed-ips", "192.168.77.0/24").Output;
        Assert.Contains("192.168.77.0/24", scene.Hub.Ip($"route show dev {scene.Quick.Interface}").Output, StringComparison.Ordinal);
        tablet.Up(first);
        Poll.Until(() => scene.Right.Ping(Inside), "no traffic from the tablet");
        Assert.True(scene.Left.Ping("10.8.0.3"), "no traffic between the peers");

        string second = scene.Peer("rotate", "tablet").Output;
        Assert.False(scene.Right.Ping(Inside), "the old key still works");
        tablet.Down();
        tablet.Up(second);
        Poll.Until(() => scene.Right.Ping(Inside), "no traffic with the new key");

        scene.Peer("remove", "tablet");
        Assert.False(scene.Right.Ping(Inside), "the removed peer still gets in");
        Assert.DoesNotContain("192.168.77.0/24", scene.Hub.Ip($"route show dev {scene.Quick.Interface}").Output, StringComparison.Ordinal);

        Assert.True(scene.Left.Ping(Inside));
        Assert.Equal(session, scene.Handshake("10.8.0.2/32"));
    }

    private Scene BuildScene()
    {
        Programs.Require(Implementation.Chasqui, Implementation.WireguardGo);
        Programs.RequireTool("wg-quick");
        var (left, hub, right) = (NewNamespace(), NewNamespace(), NewNamespace());
        NetworkNamespace.Join(left, "veth1", hub, "veth2");
        NetworkNamespace.Join(right, "veth3", hub, "veth4");
        left.Ip("address add 198.18.1.2/24 dev veth1");
        hub.Ip("address add 198.18.1.1/24 dev veth2");
        hub.Ip("address add 198.18.2.1/24 dev veth4");
        right.Ip("address add 198.18.2.2/24 dev veth3");
        hub.SetKnob("ipv4/ip_forward", "1");
        string program = Programs.PathOf(Implementation.Chasqui);
        WgQuick quick = Own(new WgQuick(Implementation.Chasqui, hub, [program]));
        string key = hub.Run($"{program} new {quick.Interface} -o {quick.File} --address {Inside}/24").Output;
        Command.Succeed(quick.Try("up"));
        Assert.Equal(key.Trim(), new Wg(quick.Interface).Show("public-key").Text);
        return new Scene(left, hub, right, quick);
    }

    private sealed record Scene(NetworkNamespace Left, NetworkNamespace Hub, NetworkNamespace Right, WgQuick Quick)
    {
        public CommandResult Peer(string verb, params string[] arguments) =>
            Hub.Run(string.Join(' ', [Quick.DaemonPath, "peer", verb, Quick.File, .. arguments]));

        /// <summary>A client that our own <c>up</c> brings up.</summary>
        public WgQuick NewClient(NetworkNamespace network) => new(Implementation.Chasqui, network, [Quick.DaemonPath]);

        /// <summary>When the peer with these allowed addresses last shook hands.</summary>
        public string Handshake(string allowedIps)
        {
            string[] peers = new Wg(Quick.Interface).Show("dump").Text.Split('\n');
            return Assert.Single(peers.Select(static line => line.Split('\t')), words => words.Length > 4 && words[3] == allowedIps)[4];
        }
    }
}
