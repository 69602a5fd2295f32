using System.Globalization;

namespace Chasqui.Compare.Inside;

/// <summary>What the generator of handshakes has counted in one phase.</summary>
/// <param name="Answered">Responses that named an initiation which had none before.</param>
/// <param name="Lost">Initiations without an answer.</param>
/// <param name="Cookies">Cookie replies: the daemon took itself for overloaded.</param>
/// <param name="WallSeconds">From the first initiation to the last answer.</param>
/// <param name="DaemonSeconds">CPU time of the daemon.</param>
/// <param name="OwnSeconds">CPU time of the generator.</param>
internal readonly record struct HandshakeTally(
    int Answered, int Lost, int Cookies, double WallSeconds, double DaemonSeconds, double OwnSeconds)
{
    /// <summary>Answers a second.</summary>
    public double PerSecond => Answered / WallSeconds;

    /// <summary>Answers for a second of the daemon's CPU time.</summary>
    public double PerCpuSecond => Answered / DaemonSeconds;

    /// <summary>One line of six numbers.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Answered} {Lost} {Cookies} {WallSeconds:F6} {DaemonSeconds:F6} {OwnSeconds:F6}");

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <exception cref="LabException">
    /// It is none; or one handshake in a hundred was lost, the daemon asked for cookies, or the generator was the bottleneck: then the rate
    /// is not the daemon's.
    /// </exception>
    public static HandshakeTally Parse(string line)
    {
        double[] numbers = new double[6];
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (words.Length != numbers.Length || !double.TryParse(words[i], CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw new LabException($"the generator of handshakes said \"{line}\"");
            }
        }

        var tally = new HandshakeTally((int)numbers[0], (int)numbers[1], (int)numbers[2], numbers[3], numbers[4], numbers[5]);
        if (tally.Lost * 100L > tally.Answered || tally.Cookies > 0 || tally.WallSeconds <= 0 || tally.DaemonSeconds <= 0
            || tally.OwnSeconds > 0.8 * tally.WallSeconds)
        {
            throw new LabException($"handshakes could not be measured: {tally}");
        }

        return tally;
    }
}
