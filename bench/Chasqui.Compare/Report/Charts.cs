using System.Globalization;
using Chasqui.Compare.Measures;

namespace Chasqui.Compare.Report;

/// <summary>The three charts of a run, each as SVG and PNG: throughput, ping, ping beside a stream.</summary>
internal static class Charts
{
    private const string Us = "chasqui", Link = "veth";

    /// <summary>What a reader would compare with nothing: the link without a tunnel, and ours without a cipher. The caption has the former.</summary>
    private static readonly string[] NotDrawn = [Link, "chasqui-null"];

    /// <summary>Writes six files into the folder. A chart without figures is not written.</summary>
    public static void Write(string folder, Results results)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "throughput", results, "TCP throughput, one stream", "Gbit/s, right to left; more is better", isMoreBetter: true, 2, "tcp.1");
        Write(folder, "ping", results, "ping through an idle tunnel", "ms, median, less is better", isMoreBetter: false, 2, "ping.idle.p50");
        Write(
            folder, "latency-under-load", results, "ping beside one TCP stream at full speed",
            "ms, median (dark) and 99th percentile (light), less is better", isMoreBetter: false, 1, "ping.load.p50", "ping.load.p99");
    }

    private static void Write(
        string folder, string file, Results results, string title, string unit, bool isMoreBetter, int decimals, params string[] keys)
    {
        ContenderResult[] rows =
        [
            .. results.Contenders.Where(contender => !NotDrawn.Contains(contender.Name) && contender.Of(keys[0]) is not null)
                .OrderBy(contender => contender.Of(keys[0])!.Value.Median * (isMoreBetter ? -1 : 1)),
        ];
        if (rows.Length == 0) return;
        var chart = new BarChart
        {
            Title = title,
            Subtitle = unit,
            Caption = Caption(results, keys[0]),
            Unit = isMoreBetter ? "Gbit/s" : "ms",
            Decimals = decimals,
            Rows = [.. rows.Select(row => new BarChartRow(Label(row), row.Name == Us, [.. keys.Select(row.Of).OfType<Spread>()]))],
        };
        chart.Save(Path.Combine(folder, file));
    }

    /// <summary>"openvpn 2.6.14, AES": the cipher, where the name ends with one, reads better behind the version.</summary>
    private static string Label(ContenderResult row) =>
        row.Name.EndsWith("-chacha", StringComparison.Ordinal) ? $"{row.Name[..^7]} {row.Version}, ChaCha20"
        : row.Name.EndsWith("-aes", StringComparison.Ordinal) ? $"{row.Name[..^4]} {row.Version}, AES"
        : $"{row.Name} {row.Version}";

    private static List<string> Caption(Results results, string key)
    {
        Machine machine = results.Machine;
        List<string> lines =
        [
            $"{machine.Processor}, {machine.Cores} cores for everything, Linux {machine.Kernel}, {results.Date[..10]}. " +
            $"Median of {Tables.Count(results.Rounds, "round")}; whiskers: least and greatest.",
        ];
        Quantity? quantity = results.Quantities.Find(quantity => quantity.Key == key);
        if (quantity is not null && results.Median(Link, key) is double link)
        {
            string value = link.ToString($"F{quantity.Decimals}", CultureInfo.InvariantCulture);
            lines.Add($"The link itself, without a tunnel: {value} {quantity.Unit}.");
        }

        return lines;
    }
}
