using static Chasqui.System.Tests.Explain.FaultSteps;

namespace Chasqui.System.Tests.Explain;

/// <summary>Tunnels that work: nothing is to be told of them.</summary>
internal static class FaultsOfNone
{
    public static readonly Fault[] All =
    [
        Later("none: the tunnel is at rest", null, null, _ => { }) with { Provoke = _ => Thread.Sleep(1000) },
        Later("none: the tunnel is in use", null, null, _ => { }),
        Later("none: the tunnel is full", null, null, scene =>
        {
            scene.Right.Network.Start($"iperf3 -s -1 -B {scene.Right.Inner}");
            Thread.Sleep(500);
            scene.Left.Network.Start($"iperf3 -c {scene.Right.Inner} -t 6");
        }) with { Provoke = _ => Thread.Sleep(4000) },
        Fresh("none: left learns where right is from its call", null, null, scene => Forget(scene.Left, scene.Right)) with
        {
            Provoke = scene =>
            {
                scene.Right.Ping(scene.Left.Inner);
                Briefly(scene);
            },
        },
    ];
}
