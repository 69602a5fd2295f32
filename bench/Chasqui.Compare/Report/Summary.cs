using System.Globalization;
using System.Text;

namespace Chasqui.Compare.Report;

/// <summary>What the terminal shows at the end: medians with their spread, and the bars.</summary>
internal static class Summary
{
    private const string Us = "chasqui", Other = "wireguard-go";

    /// <summary>Writes it.</summary>
    public static string Write(Results results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{results.Machine.Processor}, {results.Machine.Cores} cores, Linux {results.Machine.Kernel}; {results.Date} UTC");
        text.AppendLine(CultureInfo.InvariantCulture, $"median (least-greatest) of {Tables.Count(results.Rounds, "round")}");
        foreach (Measures.Quantity quantity in results.Quantities) AppendQuantity(text, results, quantity);
        text.AppendLine().AppendLine("bars");
        foreach (Bar bar in Bar.All.Where(bar => bar.Reached(results) is not null))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {bar.Title,-46} {bar.Words(bar.Reached(results)!.Value),8}   at least {bar.Words(bar.AtLeast),6}, aim {bar.Words(bar.Aim),6}   {bar.Verdict(results).Trim('*')}");
        }

        return text.ToString();
    }

    private static void AppendQuantity(StringBuilder text, Results results, Measures.Quantity quantity)
    {
        ContenderResult[] measured = [.. results.Contenders.Where(contender => contender.Of(quantity.Key) is not null)];
        if (measured.Length == 0) return;
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{quantity.Title}, {quantity.Unit}");
        foreach (ContenderResult contender in measured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {contender.Name,-20} {Tables.Cell(contender.Of(quantity.Key), quantity.Decimals)}");
        }

        if (results.Ratio(Us, Other, quantity.Key) is double ratio) text.AppendLine(CultureInfo.InvariantCulture, $"  {"ratio of the medians",-20} {ratio:F2}x");
    }
}
