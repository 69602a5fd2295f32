using System.Globalization;
using System.Text;

namespace Chasqui.Siege.Soak;

/// <summary>A soak's result for people.</summary>
internal static class SoakTable
{
    /// <summary>Writes it.</summary>
    public static string Write(SoakResult result)
    {
        var text = new StringBuilder();
        Add($"{result.Seconds:F0} s: {result.WholeTransfers} transfers whole, {result.TransferredBytes / 1e6:F0} MB; {result.Handshakes:F0} handshakes; {result.Mappings} addresses");
        Add($"{result.Datagrams} datagrams: {result.Lost} lost, {result.Corrupted} altered, {result.Repeated} repeated");
        Add($"{string.Join(", ", result.Disturbances.Select(static pair => $"{pair.Key} {pair.Value} times"))}");
        Add($"processor: daemons {result.DaemonsCpu:P1} of a core, this program {result.OwnCpu:P1}");
        Add($"{"",-34}{"first",10}{"greatest",10}{"last",10}{"growth",10}{"allowed",10}");
        foreach (SoakTrend trend in result.Trends)
        {
            string what = trend.Unit.Length > 0 ? $"{trend.What}, {trend.Unit}" : trend.What;
            Add($"{what,-34}{trend.First,10:F1}{trend.Greatest,10:F1}{trend.Last,10:F1}{trend.Trend.Growth,10:F2}{trend.Trend.Allowed,10:F2}");
        }

        Add($"{"",-50}{"daemon's",16}{"other's",16}{"drift",8}");
        foreach (Drift drift in result.Drifts) Add($"{drift.What,-50}{drift.Ours,16:F0}{drift.Theirs,16:F0}{drift.By,8:F0}");
        foreach (string failure in result.Failures) Add($"FAILED: {failure}");
        return text.ToString();

        void Add(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
