using Chasqui.Compare;
using Chasqui.Compare.Measures;
using Chasqui.Compare.Report;

namespace Chasqui.Tests.Compare;

public sealed class ReportTests
{
    [Fact]
    public void ABarIsMetByTheRatioOfMedians()
    {
        Results results = Run([4, 5, 100], [2, 2.5, 3]);

        Bar bar = Bar.All.Single(bar => bar is { Key: "tcp.1", Against: "wireguard-go" });

        Assert.Equal(2.0, bar.Reached(results));
        Assert.Equal("met", bar.Verdict(results));
    }

    [Theory]
    [InlineData("tcp.1", 1.99, "**not met**")]
    [InlineData("tcp.1", 3.0, "aim met")]
    [InlineData("ping.load.p50", 0.5, "met")]
    [InlineData("ping.load.p50", 0.51, "**not met**")]
    [InlineData("ping.load.p50", 0.2, "aim met")]
    public void MoreOrLessIsBetterAsTheQuantityIs(string key, double ours, string verdict)
    {
        Results results = Run([], []);
        results.Contenders[0].Values[key] = [ours];
        results.Contenders[1].Values[key] = [1];

        Assert.Equal(verdict, Bar.All.First(bar => bar.Key == key && bar.Against == "wireguard-go").Verdict(results));
    }

    [Fact]
    public void WhatWasNotMeasuredIsNotMet()
    {
        Assert.All(Bar.All.Where(bar => bar.Key != "tcp.1"), bar => Assert.Equal("not measured", bar.Verdict(Run([1], [1]))));
    }

    [Fact]
    public void TheDocumentHasMediansRatiosVerdictsAndWhatIsMissing()
    {
        string text = Document.Make(Run([4, 5, 6], [2, 2.5, 3]), "By hand.");

        Assert.Contains("| **chasqui 1.2** | 5.00 (4.00-6.00) |", text, StringComparison.Ordinal);
        Assert.Contains("| TCP, one stream, right to left | 2.00x | 2.00x | 3.00x | met |", text, StringComparison.Ordinal);
        Assert.Contains("- kernel-wireguard: the kernel has none.", text, StringComparison.Ordinal);
        Assert.Contains("- wireguard-go, 2 times: udp120: everything was lost", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--\n\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrittenByHandIsKept()
    {
        Results results = Run([4], [2]);
        string once = Document.Make(results, "## On 32 cores\n\nSee above.");

        string twice = Document.Make(results, Document.HandWritten(once));

        Assert.Equal(once, twice);
        Assert.Contains("## On 32 cores\n\nSee above.\n", twice, StringComparison.Ordinal);
        Assert.Equal("", Document.HandWritten("no marks at all"));
    }

    [Fact]
    public void ResultsSurviveTheirFile()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "results.json");
        try
        {
            ResultsJson.Save(path, Run([4, 5], [2, 3]));
            Results read = ResultsJson.Load(path);

            Assert.Equal([4, 5], read.Contenders[0].Values["tcp.1"]);
            Assert.Equal("tcp.1", read.Quantities[0].Key);
            Assert.Equal(Document.Make(Run([4, 5], [2, 3]), ""), Document.Make(read, ""));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public void AMissingFileSaysWhatToDo() =>
        Assert.Contains("./build.sh bench", Assert.Throws<LabException>(() => ResultsJson.Load("/nowhere/results.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryChartIsDrawnTwice()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Charts.Write(folder, Run([4, 5, 6], [2, 2.5, 3]));

            Assert.Equal(["throughput.png", "throughput.svg"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
            string svg = File.ReadAllText(Path.Combine(folder, "throughput.svg"));
            Assert.Contains("chasqui 1.2", svg, StringComparison.Ordinal);
            Assert.Contains("5.00 Gbit/s", svg, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Results Run(List<double> ours, List<double> theirs) => new()
    {
        Date = "2026-11-23 09:30",
        Command = "./build.sh bench",
        Rounds = 3,
        Duration = 4,
        Machine = new Machine("A processor", 2, 8, "6.18", "Debian", "iperf3 3.12"),
        Quantities = [new Quantity("tcp.1", "TCP, one stream, right to left", "Gbit/s", IsMoreBetter: true, 2)],
        Contenders =
        [
            new ContenderResult { Name = "chasqui", Version = "1.2", Note = "ours", Values = { ["tcp.1"] = ours } },
            new ContenderResult
            {
                Name = "wireguard-go", Version = "0.1", Note = "theirs", Values = { ["tcp.1"] = theirs },
                Failures = ["udp120: everything was lost", "udp120: everything was lost\nand more words"],
            },
            new ContenderResult { Name = "kernel-wireguard", Version = "", Note = "", WhyAbsent = "the kernel has none" },
        ],
    };
}
