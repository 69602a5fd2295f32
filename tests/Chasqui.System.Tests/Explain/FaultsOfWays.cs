using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.System.Tests.Harness;
using static Chasqui.System.Tests.Explain.FaultSteps;

namespace Chasqui.System.Tests.Explain;

/// <summary>What keeps datagrams from getting to a peer's endpoint, or back.</summary>
internal static class FaultsOfWays
{
    public static readonly Fault[] All =
    [
        OnTheWay("left has a wrong address of right, where nobody is", ExplainCode.HostUnreachable, ExplainCode.NoEndpoint, scene =>
            SetEndpoint(scene.Left, scene.Right, "10.1.0.77:20000")),
        OnTheWay("left has an address of right at which the last router finds nobody", ExplainCode.HostUnreachable, ExplainCode.NoEndpoint, scene =>
            SetEndpoint(scene.Left, scene.Right, "10.2.0.77:20000")),
        OnTheWay("left has an address of right in a network that the router does not know", ExplainCode.NetworkUnreachable, ExplainCode.NoEndpoint, scene =>
            SetEndpoint(scene.Left, scene.Right, "10.77.0.2:20000")),
        OnTheWay("left has a wrong port of right", ExplainCode.PortUnreachable, ExplainCode.NoEndpoint, scene =>
            SetEndpoint(scene.Left, scene.Right, $"{FaultScene.RightOuter}:20001")),
        OnTheWay("left has a name of right that does not resolve", ExplainCode.EndpointNotResolved, ExplainCode.NoEndpoint, scene =>
        {
            Forget(scene.Left, scene.Right);
            Assert.True(EndpointName.TryMake("office.invalid", scene.Right.Port, out EndpointName name));
            scene.Left.Change(new PeerChange { PublicKey = scene.Right.PublicKey, EndpointName = name });
        }),
        OnTheWay("the packet filter of right drops the port", ExplainCode.NoAnswer, ExplainCode.PortBlocked, scene =>
            Filter(scene.Right.Network, "input", $"udp dport {scene.Right.Port} drop")),
        OnTheWay("the packet filter of right rejects the port", ExplainCode.PortUnreachable, ExplainCode.PortBlocked, scene =>
            scene.Right.Network.Run("iptables -A INPUT -p udp --dport 20000 -j REJECT")),
        OnTheWay("the packet filter of left lets nothing out", ExplainCode.SendBlocked, ExplainCode.NoEndpoint, scene =>
            Filter(scene.Left.Network, "output", $"udp dport {scene.Right.Port} drop")),
        OnTheWay("left has no route to right's address", ExplainCode.NoRouteToEndpoint, ExplainCode.NoEndpoint, scene =>
            scene.Left.Network.Ip("route del default")),
        OnTheWay("the way to right's address leads into the tunnel", ExplainCode.EndpointInTunnel, ExplainCode.NoEndpoint, scene =>
            scene.Left.Network.Ip("route add 10.2.0.0/24 dev wg0")),
        OnTheWay("left has its own address as right's", ExplainCode.EndpointIsSelf, ExplainCode.NoEndpoint, scene =>
            SetEndpoint(scene.Left, scene.Right, $"{FaultScene.LeftOuter}:{scene.Left.Port}")),
        OnTheWay("neither end has the other's address", ExplainCode.NoEndpoint, ExplainCode.NoEndpoint, scene => Forget(scene.Left, scene.Right)),
        OnTheWay("the router between drops what goes to right", ExplainCode.NoAnswer, ExplainCode.NoEndpoint, scene =>
            scene.Router.Run($"iptables -A FORWARD -d {FaultScene.RightOuter} -j DROP")),
        OnTheWay("the router between drops the answers", ExplainCode.NoAnswer, ExplainCode.ResponsesNotTaken, scene =>
            scene.Router.Run($"iptables -A FORWARD -d {FaultScene.LeftOuter} -j DROP")),
        OnTheWay("left's default route is the tunnel, and its reverse path filter strict", ExplainCode.ReversePathFilter, ExplainCode.ResponsesNotTaken, FilterReversePath),
        Later("another program of left has taken the port", ExplainCode.NoSocket, ExplainCode.PortUnreachable, scene =>
        {
            scene.Left.Network.Ip("link set wg0 down");
            Poll.Until(() => !scene.Left.Network.UdpPorts().Contains(scene.Left.Port), "the port stays open");
            scene.Owned.Add(scene.Left.Network.UdpSocket("127.0.0.1", scene.Left.Port));
            scene.Left.Network.Ip("link set wg0 up");
        }),
        Later("left's link is down", ExplainCode.NoRouteToEndpoint, ExplainCode.HostUnreachable, scene => scene.Left.Network.Ip($"link set {FaultScene.LeftLink} down")),
        new Fault("left is behind a router that translates, keeps nothing alive, and is forgotten", ExplainCode.KeepaliveMissing, ExplainCode.NothingComesBack, TranslateAndForget)
            { Provoke = scene => Ping(scene.Right, scene.Left.Inner, 5) },
        Later("the way takes less than it should, and does not say so", ExplainCode.MtuHole, null, scene =>
        {
            scene.Router.Run("nft -f -", "table inet f { chain c { type filter hook forward priority 0; meta length > 1300 drop; }; }\n");
            scene.Left.Measured.Add(scene.Right.PublicKey);
        }) with { Provoke = Briefly },
        Later("left's link takes less than the tunnel sends", ExplainCode.MtuTooLarge, null, scene =>
            scene.Left.Network.Ip($"link set {FaultScene.LeftLink} mtu 1400")) with { Provoke = Briefly },
    ];

    /// <summary>As wg-quick routes everything into the tunnel, without its net.ipv4.conf.all.src_valid_mark=1.</summary>
    private static void FilterReversePath(FaultScene scene)
    {
        NetworkNamespace left = scene.Left.Network;
        left.SetKnob("ipv4/conf/all/src_valid_mark", "0");
        left.SetKnob($"ipv4/conf/{FaultScene.LeftLink}/rp_filter", "1");
        scene.Left.Engine.Apply(new DeviceChange { FwMark = 51820 });
        SetAllowedIps(scene.Left, scene.Right, "0.0.0.0/0");
        left.Ip("route add default dev wg0 table 51820");
        left.Ip("rule add not fwmark 51820 table 51820");
        left.Ip("rule add table main suppress_prefixlength 0");
    }

    /// <summary>The internet's side of the router has public addresses, and its memory is short.</summary>
    private static void TranslateAndForget(FaultScene scene)
    {
        const string Public = "203.0.113";
        scene.Router.Ip($"addr add {Public}.1/24 dev right");
        scene.Right.Network.Ip($"addr add {Public}.2/24 dev {FaultScene.RightLink}");
        scene.Right.Network.Ip($"route replace default via {Public}.1");
        scene.Router.Run("iptables -t nat -A POSTROUTING -o right -j MASQUERADE");
        scene.Router.Run($"iptables -A INPUT -d {Public}.1 -p udp -j DROP");
        scene.Right.Outer = $"{Public}.2";
        scene.Start();
        Forget(scene.Right, scene.Left);
        Poll.Until(() => scene.Left.Ping(scene.Right.Inner), "left does not get through");
        scene.Router.SetKnob("netfilter/nf_conntrack_udp_timeout", "1");
        scene.Router.SetKnob("netfilter/nf_conntrack_udp_timeout_stream", "1");
        Poll.Until(() => scene.Left.Ping(scene.Right.Inner), "left does not get through");
        Thread.Sleep(TimeSpan.FromSeconds(2));
    }
}
