using System.Globalization;

namespace Chasqui.Compare.Inside;

/// <summary>What came of one run of the UDP source.</summary>
/// <param name="Sent">Datagrams.</param>
/// <param name="Arrived">Datagrams that the sink has counted.</param>
/// <param name="Seconds">How long the source sent.</param>
internal readonly record struct UdpTally(long Sent, long Arrived, double Seconds)
{
    /// <summary>The share that was lost, 0 to 1.</summary>
    public double Loss => Sent == 0 ? 1 : Math.Max(0, 1 - ((double)Arrived / Sent));

    /// <summary>One line: sent, arrived, seconds.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Sent} {Arrived} {Seconds:F6}");

    /// <summary>Reads <see cref="Text"/>.</summary>
    /// <exception cref="LabException">It is none.</exception>
    public static UdpTally Parse(string text)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3
            && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out long sent)
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long arrived)
            && double.TryParse(words[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? new UdpTally(sent, arrived, seconds)
            : throw new LabException($"the UDP source said \"{text.Trim()}\"");
    }
}
