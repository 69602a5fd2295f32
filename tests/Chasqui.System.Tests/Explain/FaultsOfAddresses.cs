using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Explain;
using static Chasqui.System.Tests.Explain.FaultSteps;

namespace Chasqui.System.Tests.Explain;

/// <summary>Allowed addresses, routes and addresses of the interface, and what routers do with what comes out of it.</summary>
internal static class FaultsOfAddresses
{
    /// <summary>A network behind right.</summary>
    private const string Behind = "192.168.5";

    public static readonly Fault[] All =
    [
        Fresh("the AllowedIPs of right at left lack its address", ExplainCode.NoPeerForDestination, ExplainCode.NothingComesBack, scene =>
            SetAllowedIps(scene.Left, scene.Right, "10.9.0.77/32")),
        Fresh("the AllowedIPs of left at right lack its address", ExplainCode.NothingComesBack, ExplainCode.NoPeerForDestination, scene =>
            SetAllowedIps(scene.Right, scene.Left, "10.9.0.77/32")),
        Fresh("another peer of right has left's address", ExplainCode.NothingComesBack, ExplainCode.SourceNotAllowed, scene =>
        {
            SetAllowedIps(scene.Right, scene.Left, "10.9.0.0/24");
            scene.Right.Know(FaultHost.KeyOf(9).DerivePublicKey(), "phone");
            scene.Right.Change(new PeerChange { PublicKey = FaultHost.KeyOf(9).DerivePublicKey(), AllowedIps = FaultHost.Prefixes("10.9.0.1/32") });
        }),
        Fresh("right has no AllowedIPs at left", ExplainCode.NoAllowedIps, ExplainCode.NothingComesBack, scene => SetAllowedIps(scene.Left, scene.Right)),
        Fresh("left's own address is among the AllowedIPs of right", ExplainCode.OwnAddress, null, scene =>
            SetAllowedIps(scene.Left, scene.Right, $"{scene.Right.Inner}/32", $"{scene.Left.Inner}/32")) with { Provoke = Briefly },
        Later("left has no route to right's inner address", ExplainCode.RouteMissing, ExplainCode.NothingComesBack, scene =>
            scene.Left.Network.Ip("route del 10.9.0.2/32 dev wg0")),
        Later("another route of left takes right's inner address", ExplainCode.RouteShadowed, ExplainCode.NothingComesBack, scene =>
        {
            scene.Left.Network.Ip("route del 10.9.0.2/32 dev wg0");
            scene.Left.Network.Ip("route add 10.9.0.2/32 via 10.1.0.1");
            scene.Left.Network.Ip("route add 10.9.0.2/32 dev wg0 metric 50");
        }),
        Fresh("left's interface is down", ExplainCode.InterfaceDown, ExplainCode.PortUnreachable, scene => scene.Left.Network.Ip("link set wg0 down")),
        Fresh("left's interface has no address", ExplainCode.NoAddress, ExplainCode.SourceNotAllowed, scene =>
        {
            scene.Left.Network.Ip("addr flush dev wg0");
            scene.Left.Network.Ip("route replace 10.9.0.2/32 dev wg0");
        }),
        Fresh("left asks the network behind right, which does not forward", ExplainCode.NothingComesBack, ExplainCode.ForwardingOff, scene =>
        {
            RouteBehind(scene);
            KeepPinging(scene.Left, $"{Behind}.7");
        }) with { Provoke = Wait },
        Fresh("right forwards left's packets, and translates no address", ExplainCode.NothingComesBack, ExplainCode.NoMasquerade, scene =>
        {
            RouteBehind(scene);
            scene.Right.Network.SetKnob("ipv4/ip_forward", "1");
            scene.Right.Network.Ip($"route add {Behind}.0/24 via 10.2.0.1");
            KeepPinging(scene.Left, $"{Behind}.7");
        }) with { Provoke = Wait },
    ];

    private static void RouteBehind(FaultScene scene)
    {
        scene.Left.Network.Ip($"route add {Behind}.0/24 dev wg0");
        SetAllowedIps(scene.Left, scene.Right, $"{scene.Right.Inner}/32", $"{Behind}.0/24");
        scene.Router.Ip($"addr add {Behind}.7/24 dev lo");
    }

    private static void Wait(FaultScene scene) => Thread.Sleep(TimeSpan.FromSeconds(6));
}
