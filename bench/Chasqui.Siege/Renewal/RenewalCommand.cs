using System.Globalization;
using Chasqui.Compare;
using Chasqui.Compare.Report;
using Chasqui.Siege.Flood;

namespace Chasqui.Siege.Renewal;

/// <summary>The command, when everything is to happen at once.</summary>
internal static class RenewalCommand
{
    // Reject-After-Time, but for what a look at the clock may be late.
    internal const double Bar = 179;

    /// <summary>Floods, prints, writes the files.</summary>
    /// <returns>The exit code: 1 if our daemon misses a bar.</returns>
    /// <exception cref="LabException">It could not be done.</exception>
    public static int Run(FloodOptions options, IReadOnlyList<FloodContender> contenders)
    {
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        RenewedProgram[] programs = [.. contenders.Select(contender => new RenewalRun(options, contender.Name, contender.Path).Run())];
        var result = new RenewalResult
        {
            Date = date,
            Command = options.Command,
            Machine = Machine.Read(),
            Programs = programs,
            Table = RenewalTable.Markdown(programs),
        };
        Console.WriteLine();
        foreach (string line in result.Table) Console.WriteLine(line);
        ResultFile.Write(Path.Combine(Bench.Root, "artifacts", "flood", "renewals.json"), RenewalJson.Write(result));
        if (options.IsWhole) ResultFile.Write(Path.Combine(Bench.Root, "docs", "security", "renewals.json"), RenewalJson.Write(result));
        return FloodCommand.Conclude(Missed(programs.FirstOrDefault(static program => program.Name == FloodContender.OurName)));
    }

    private static IEnumerable<string> Missed(RenewedProgram? ours)
    {
        foreach (FloodKind kind in FloodKind.All)
        {
            if (ours is null || !ours.Floods.TryGetValue($"{kind.Letter}", out RenewalFigures? figures)) continue;
            if (!(figures.Kept >= kind.Bar)) yield return $"({kind.Letter}) keeps {figures.Kept:P0} of its throughput, and {kind.Bar:P0} is the bar";
            if (!(figures.RenewedAt <= Bar)) yield return $"({kind.Letter}) the session was not renewed in its time";
        }
    }
}
