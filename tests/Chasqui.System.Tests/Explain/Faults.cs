using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;

namespace Chasqui.System.Tests.Explain;

/// <summary>The table of faults.</summary>
internal static class Faults
{
    private static readonly TimeSpan LongerThanAKeepalive = TimeSpan.FromSeconds(14);

    public static readonly Fault[] OfKeys =
    [
        new("left has a wrong public key for right", ExplainCode.PeerKeyDiffers, ExplainCode.PeerHasWrongKey, scene =>
        {
            scene.Start();
            scene.Left.Change(new PeerChange { PublicKey = scene.Right.PublicKey, Remove = true });
            Connect(scene.Left, scene.Right, FaultHost.KeyOf(9));
        }),
        new("right has a wrong public key for left", ExplainCode.PeerHasWrongKey, ExplainCode.PeerKeyDiffers, scene =>
        {
            scene.Start();
            scene.Right.Change(new PeerChange { PublicKey = scene.Left.PublicKey, Remove = true });
            Connect(scene.Right, scene.Left, FaultHost.KeyOf(9));
        }),
        new("left has another private key than before", ExplainCode.PeerHasWrongKey, ExplainCode.PeerKeyDiffers, scene =>
        {
            scene.Start();
            scene.Left.Device!.Apply(new DeviceChange { PrivateKey = FaultHost.KeyOf(9) });
        }),
        new("the preshared keys differ", ExplainCode.PresharedKeyMismatch, ExplainCode.ResponsesNotTaken, scene =>
        {
            scene.Start();
            SetPresharedKey(scene.Left, scene.Right, 1);
            SetPresharedKey(scene.Right, scene.Left, 2);
        }) { Provoke = FromLeft },
        new("only left has a preshared key", ExplainCode.PresharedKeyMismatch, ExplainCode.ResponsesNotTaken, scene =>
        {
            scene.Start();
            SetPresharedKey(scene.Left, scene.Right, 1);
        }) { Provoke = FromLeft },
        new("left is no peer of right", ExplainCode.NoAnswer, ExplainCode.NoPeers, scene =>
        {
            scene.Start();
            scene.Right.Change(new PeerChange { PublicKey = scene.Left.PublicKey, Remove = true });
        }),
        new("left has no private key", ExplainCode.NoPrivateKey, ExplainCode.NoAnswer, scene =>
        {
            scene.Start();
            scene.Left.Device!.Apply(new DeviceChange { PrivateKey = new PrivateKey(new byte[32]) });
        }),
    ];

    public static readonly Fault[] OfWays =
    [
        new("left has a wrong address of right, where nobody is", ExplainCode.HostUnreachable, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            SetEndpoint(scene.Left, scene.Right, "10.1.0.77:20000");
        }),
        new("left has a wrong port of right", ExplainCode.PortUnreachable, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            SetEndpoint(scene.Left, scene.Right, $"{FaultScene.RightOuter}:20001");
        }),
        new("the packet filter of right drops the port", ExplainCode.NoAnswer, ExplainCode.PortBlocked, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Right.Network.Run("nft -f -", $"table inet f {{ chain in {{ type filter hook input priority 0; udp dport {scene.Right.Port} drop; }}; }}\n");
        }),
        new("the packet filter of right rejects the port", ExplainCode.PortUnreachable, ExplainCode.PortBlocked, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Right.Network.Run("iptables -A INPUT -p udp --dport 20000 -j REJECT");
        }),
        new("the packet filter of left lets nothing out", ExplainCode.SendBlocked, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Left.Network.Run("nft -f -", "table inet f { chain out { type filter hook output priority 0; udp dport 20000 drop; }; }\n");
        }),
        new("left has no route to right's address", ExplainCode.NoRouteToEndpoint, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Left.Network.Ip("route del default");
        }),
        new("the way to right's address leads into the tunnel", ExplainCode.EndpointInTunnel, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Left.Network.Ip("route add 10.2.0.0/24 dev wg0");
        }),
        new("left has its own address as right's", ExplainCode.EndpointIsSelf, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            SetEndpoint(scene.Left, scene.Right, $"{FaultScene.LeftOuter}:{scene.Left.Port}");
        }),
        new("neither end has the other's address", ExplainCode.NoEndpoint, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            Remove(scene.Left, scene.Right);
        }),
        new("the router between drops what goes to right", ExplainCode.NoAnswer, ExplainCode.NoEndpoint, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Router.Run("iptables -A FORWARD -d 10.2.0.2 -j DROP");
        }),
        new("the router between drops the answers", ExplainCode.NoAnswer, ExplainCode.ResponsesNotTaken, scene =>
        {
            scene.Start();
            Remove(scene.Right, scene.Left);
            scene.Router.Run("iptables -A FORWARD -d 10.1.0.2 -j DROP");
        }),
    ];

    public static readonly Fault[] OfAddresses =
    [
        new("the AllowedIPs of right at left lack its address", ExplainCode.NoPeerForDestination, ExplainCode.NothingComesBack, scene =>
        {
            scene.Start();
            scene.Left.Change(new PeerChange { PublicKey = scene.Right.PublicKey, ReplaceAllowedIps = true, AllowedIps = FaultHost.Prefixes("10.9.0.77/32") });
        }) { Time = LongerThanAKeepalive },
        new("the AllowedIPs of left at right lack its address", ExplainCode.NothingComesBack, ExplainCode.NoPeerForDestination, scene =>
        {
            scene.Start();
            scene.Right.Change(new PeerChange { PublicKey = scene.Left.PublicKey, ReplaceAllowedIps = true, AllowedIps = FaultHost.Prefixes("10.9.0.77/32") });
        }) { Time = LongerThanAKeepalive },
        new("another peer of right has left's address", ExplainCode.NothingComesBack, ExplainCode.SourceNotAllowed, scene =>
        {
            scene.Start();
            scene.Right.Change(
                new PeerChange { PublicKey = scene.Left.PublicKey, AllowedIps = FaultHost.Prefixes("10.9.0.0/24") },
                new PeerChange { PublicKey = FaultHost.KeyOf(9).DerivePublicKey(), AllowedIps = FaultHost.Prefixes("10.9.0.1/32") });
            scene.Right.Know(FaultHost.KeyOf(9).DerivePublicKey(), "phone");
        }) { Time = LongerThanAKeepalive },
        new("left has no route to right's inner address", ExplainCode.RouteMissing, ExplainCode.NothingComesBack, scene =>
        {
            scene.StartWorking();
            scene.Left.Network.Ip("route del 10.9.0.2/32 dev wg0");
        }),
        new("another route of left takes right's inner address", ExplainCode.RouteShadowed, ExplainCode.NothingComesBack, scene =>
        {
            scene.StartWorking();
            scene.Left.Network.Ip("route del 10.9.0.2/32 dev wg0");
            scene.Left.Network.Ip("route add 10.9.0.2/32 via 10.1.0.1");
            scene.Left.Network.Ip("route add 10.9.0.2/32 dev wg0 metric 50");
        }),
        new("left's interface is down", ExplainCode.InterfaceDown, ExplainCode.PortUnreachable, scene =>
        {
            scene.Start();
            scene.Left.Network.Ip("link set wg0 down");
        }),
        new("left's interface has no address", ExplainCode.NoAddress, ExplainCode.SourceNotAllowed, scene =>
        {
            scene.Start();
            scene.Left.Network.Ip("addr flush dev wg0");
            scene.Left.Network.Ip("route replace 10.9.0.2/32 dev wg0");
        }),
    ];

    public static readonly Fault[] None =
    [
        new("none: the tunnel is at rest", null, null, scene => scene.StartWorking()) { Provoke = _ => Thread.Sleep(1000) },
        new("none: the tunnel is in use", null, null, scene => scene.StartWorking()),
        new("none: left learns where right is from its call", null, null, scene =>
        {
            scene.Start();
            Remove(scene.Left, scene.Right);
        }) { Provoke = scene => { scene.Right.Ping(scene.Left.Inner); scene.Try(TimeSpan.FromSeconds(3)); } },
    ];

    private static void FromLeft(FaultScene scene) => scene.Left.Network.Try($"ping -n -q -c 9 -W 1 {scene.Right.Inner}");

    private static void Connect(FaultHost host, FaultHost other, PrivateKey key)
    {
        PublicKey wrong = key.DerivePublicKey();
        host.Know(wrong, other.Name);
        host.Change(new PeerChange
        {
            PublicKey = wrong,
            Endpoint = FaultHost.Endpoint($"{other.Outer}:{other.Port}"),
            AllowedIps = FaultHost.Prefixes($"{other.Inner}/32"),
        });
    }

    private static void SetPresharedKey(FaultHost host, FaultHost other, byte first)
    {
        using var key = new PresharedKey([first, .. new byte[31]]);
        host.Change(new PeerChange { PublicKey = other.PublicKey, PresharedKey = key });
    }

    private static void SetEndpoint(FaultHost host, FaultHost other, string endpoint) =>
        host.Change(new PeerChange { PublicKey = other.PublicKey, Endpoint = FaultHost.Endpoint(endpoint) });

    /// <summary>Makes a host forget where the other is, so that only the other can begin.</summary>
    private static void Remove(FaultHost host, FaultHost other)
    {
        host.Change(new PeerChange { PublicKey = other.PublicKey, Remove = true });
        host.Connect(other, hasEndpoint: false);
    }
}
