using System.Globalization;

namespace Chasqui.Compare.Inside;

/// <summary>What the connection client has counted.</summary>
/// <param name="Done">Connections from the first packet to both ends' last, within the time.</param>
/// <param name="Failed">Connections that were refused, reset or not answered.</param>
/// <param name="Seconds">How long the clock ran.</param>
internal readonly record struct ConnectionTally(int Done, int Failed, int Seconds)
{
    /// <summary>Connections a second.</summary>
    public double PerSecond => (double)Done / Seconds;

    /// <summary>One line: done, failed, seconds.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Done} {Failed} {Seconds}");

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <exception cref="LabException">It is none, or more than one connection in a hundred failed: then the rate means nothing.</exception>
    public static ConnectionTally Parse(string text)
    {
        int[] numbers = new int[3];
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (words.Length != numbers.Length || !int.TryParse(words[i], CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw new LabException($"the connection client said \"{text.Trim()}\"");
            }
        }

        var tally = new ConnectionTally(numbers[0], numbers[1], numbers[2]);
        if (tally.Seconds < 1 || tally.Failed * 100L > tally.Done) throw new LabException($"connections failed: {tally}");
        return tally;
    }
}
