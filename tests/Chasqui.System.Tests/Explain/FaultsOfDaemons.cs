using Chasqui.Core.Explain;
using static Chasqui.System.Tests.Explain.FaultSteps;

namespace Chasqui.System.Tests.Explain;

/// <summary>Faults where one end is a daemon of its own: ours, or wireguard-go, of which less is known.</summary>
internal static class FaultsOfDaemons
{
    public static readonly Fault[] All =
    [
        new Fault("left's daemon was killed", ExplainCode.DaemonGone, ExplainCode.PortUnreachable, scene =>
        {
            scene.Left.RunBy = DaemonEngine.OpenOurs;
            scene.StartWorking();
            ((DaemonEngine)scene.Left.Engine).Kill();
        }) { Provoke = FromRight },
        Go(Fresh("left has a wrong public key for right, which wireguard-go runs", ExplainCode.PeerKeyDiffers, ExplainCode.NoAnswer, scene =>
            ConnectWrongly(scene.Left, scene.Right, FaultHost.KeyOf(9)))),
        Go(Fresh("right, which wireguard-go runs, has a wrong public key for left", ExplainCode.PeerHasWrongKey, ExplainCode.NoAnswer, scene =>
            ConnectWrongly(scene.Right, scene.Left, FaultHost.KeyOf(9)))),
        Go(Fresh("the preshared keys of left and wireguard-go at right differ", ExplainCode.PresharedKeyMismatch, ExplainCode.ResponsesNotTaken, scene =>
        {
            SetPresharedKey(scene.Left, scene.Right, 1);
            SetPresharedKey(scene.Right, scene.Left, 2);
        }) with { Provoke = FromLeft }),
        Go(OnTheWay("left has a wrong port of wireguard-go at right", ExplainCode.PortUnreachable, null, scene =>
            SetEndpoint(scene.Left, scene.Right, $"{FaultScene.RightOuter}:20001"))),
        Go(Fresh("the AllowedIPs of left at wireguard-go at right lack its address", ExplainCode.NothingComesBack, ExplainCode.RouteMissing, scene =>
            SetAllowedIps(scene.Right, scene.Left, "10.9.0.77/32")) with { Provoke = FromLeft }),
        Go(OnTheWay("the packet filter of right, where wireguard-go runs, drops the port", ExplainCode.NoAnswer, ExplainCode.PortBlocked, scene =>
            Filter(scene.Right.Network, "input", $"udp dport {scene.Right.Port} drop"))),
        Go(Later("none: a tunnel between left and wireguard-go", null, null, _ => { }) with { Provoke = Briefly }),
        new Fault("none: a tunnel between left's daemon and wireguard-go, at rest", null, null, scene =>
        {
            scene.Left.RunBy = DaemonEngine.OpenOurs;
            scene.Right.RunBy = DaemonEngine.OpenWireguardGo;
            scene.StartWorking();
        }) { Provoke = _ => Thread.Sleep(1000) },
    ];

    private static Fault Go(Fault fault) => fault with
    {
        Make = scene =>
        {
            scene.Right.RunBy = DaemonEngine.OpenWireguardGo;
            fault.Make(scene);
        },
    };
}
