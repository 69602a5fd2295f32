namespace Chasqui.Siege.Renewal;

/// <summary>When a flood goes to the daemon and when to the port that nobody reads, by the age of the legitimate peer's session in seconds.</summary>
/// <remarks>
/// By turns, so that what else the machine does is on both sides of a ratio. The last turn is long: at 120 s the session is renewed (Rekey-After-Time), or,
/// under load, 5 s later (a cookie, then Rekey-Timeout). Source: whitepaper, sections 6.1 and 6.6.
/// </remarks>
internal static class RenewalPlan
{
    /// <summary>When everything ends; a session may be used until it is 180 s old.</summary>
    public const int End = 140;

    private const double Settle = 0.5; // what was on its way to one of them has arrived
    private static readonly double[] Switches = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 135];

    /// <summary>The next moment at which the aim changes, or the end.</summary>
    public static double NextSwitch(double age) => Switches.FirstOrDefault(at => at > age, End);

    /// <summary>Whether the flood goes to the daemon.</summary>
    public static bool IsAimedAtDaemon(double age) => Switches.Count(at => at <= age) % 2 == 1;

    /// <summary>Whether a time lies within one turn, and in which kind.</summary>
    /// <returns>Whether the flood goes to the daemon; null if the time has parts of two turns.</returns>
    public static bool? Of(double from, double to) =>
        Switches.Any(at => from < at + Settle && to > at) ? null : IsAimedAtDaemon(from);
}
