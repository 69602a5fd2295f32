using System.Text;
using Chasqui.Compare.Measures;

namespace Chasqui.Compare.Report;

/// <summary>What the terminal shows at the end: medians with their spread, and the bars.</summary>
internal static class Summary
{
    private const string Us = "chasqui", Other = "wireguard-go", Uncounted = "chasqui-uncounted";

    /// <summary>Writes it.</summary>
    public static string Write(Results results)
    {
        var text = new StringBuilder();
        Machine machine = results.Machine;
        Append(text, $"{machine.Processor}, {machine.Cores} cores, Linux {machine.Kernel}; {results.Date} UTC");
        Append(text, $"median (least-greatest) of {Tables.Count(results.Rounds, "round")}");
        foreach (Quantity quantity in results.Quantities.Where(quantity => !quantity.IsFootnote)) AppendQuantity(text, results, quantity);
        text.AppendLine().AppendLine("bars");
        foreach (Bar bar in Bar.All.Where(bar => bar.Reached(results) is not null))
        {
            string reached = bar.Words(bar.Reached(results)!.Value), verdict = bar.Verdict(results).Trim('*');
            Append(text, $"  {bar.Title,-46} {reached,8}   bar {bar.Words(bar.AtLeast),6}, aim {bar.Words(bar.Aim),6}   {verdict}");
        }

        return text.ToString();
    }

    private static void AppendQuantity(StringBuilder text, Results results, Quantity quantity)
    {
        ContenderResult[] measured = [.. results.Contenders.Where(contender => contender.Of(quantity.Key) is not null)];
        if (measured.Length == 0) return;
        text.AppendLine();
        Append(text, $"{quantity.Title}, {quantity.Unit}");
        foreach (ContenderResult contender in measured)
        {
            Append(text, $"  {contender.Name,-20} {Tables.Cell(contender.Of(quantity.Key), quantity.Decimals)}");
        }

        if (results.Ratio(Us, Other, quantity.Key) is double ratio) Append(text, $"  ratio of medians     {ratio:F2}x");
        if (results.RatioByRound(Us, Uncounted, quantity.Key) is { } cost)
        {
            Append(text, $"  with counters / without, round by round: {cost.Median:F3} ({cost.Least:F3}-{cost.Greatest:F3})");
        }
    }

    private static void Append(StringBuilder text, FormattableString line) => text.AppendLine(FormattableString.Invariant(line));
}
