using Chasqui.Core.Explain;
using Chasqui.System.Tests.Harness;
using static Chasqui.System.Tests.Explain.FaultSteps;

namespace Chasqui.System.Tests.Explain;

/// <summary>Clocks, old messages, and too many of them.</summary>
internal static class FaultsOfTime
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static readonly Fault[] All =
    [
        WithClock("left's clock went back an hour", ExplainCode.ClockWentBack, ExplainCode.PeerClockWentBack, TimeSpan.Zero, TimeSpan.FromHours(-1)),
        WithClock("left's clock was a year ahead, and is right again", ExplainCode.ClockWentBack, ExplainCode.PeerClockWentBack, Year, TimeSpan.Zero),
        WithClock("left's clock is a year ahead", null, ExplainCode.PeerClockAhead, TimeSpan.Zero, Year),
        WithClock("left's clock was never set", ExplainCode.ClockNotSet, ExplainCode.PeerClockWentBack, TimeSpan.Zero, DateTime.UnixEpoch - DateTime.UtcNow),
        new Fault("somebody sends all of left's messages again", null, ExplainCode.Replay, scene =>
        {
            scene.Start();
            Forget(scene.Right, scene.Left);
            MessageRelay relay = scene.AddRelay();
            SetEndpoint(scene.Left, scene.Right, relay.Address);
            Poll.Until(() => scene.Left.Ping(scene.Right.Inner), "the relay does not lead to right");
            for (int i = 0; i < 3; i++)
            {
                scene.Left.Ping(scene.Right.Inner);
                relay.Replay();
            }
        }) { Provoke = Briefly },
        Later("somebody floods right with initiations", null, ExplainCode.UnderLoad, scene =>
            scene.Owned.Add(new InitiationFlood(scene.Router, scene.Right))) with { Provoke = Briefly },
    ];

    /// <summary>A session under the first clock, and then a new start with the second.</summary>
    private static Fault WithClock(string name, ExplainCode? left, ExplainCode? right, TimeSpan before, TimeSpan after) => new(name, left, right, scene =>
    {
        scene.Left.RunBy = ShiftedEngine.Open;
        scene.Start();
        Forget(scene.Right, scene.Left);
        var clocked = (ShiftedEngine)scene.Left.Engine;
        clocked.Restart(before);
        clocked.Say(scene.Right);
        Thread.Sleep(TimeSpan.FromSeconds(1));
        clocked.Restart(after);
    })
    {
        Provoke = scene =>
        {
            for (int i = 0; i < 8; i++)
            {
                ((ShiftedEngine)scene.Left.Engine).Say(scene.Right);
                Thread.Sleep(TimeSpan.FromSeconds(1));
            }
        },
    };
}
