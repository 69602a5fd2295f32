using System.Collections.Concurrent;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>Faults that are made for real, and what <c>explain</c> says of them on each end.</summary>
public sealed class ExplainFaultTests : SystemTest
{
    private const int AtOnce = 8;

    [Fact]
    public void EveryFaultHasItsVerdictOnEachEnd()
    {
        Programs.Require();
        Programs.RequireTool("nft");
        Programs.RequireTool("iptables");
        Fault[] faults = [.. Faults.OfKeys, .. Faults.OfWays, .. Faults.OfAddresses, .. Faults.None];
        var only = Environment.GetEnvironmentVariable("CHASQUI_FAULT");
        faults = [.. faults.Where(fault => only is null || fault.Name.Contains(only, StringComparison.Ordinal))];
        ConcurrentDictionary<string, string> wrong = new();
        ConcurrentDictionary<Fault, FaultResult> results = new();

        Parallel.ForEach(faults, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, fault =>
        {
            try
            {
                results[fault] = FaultResult.Of(fault);
            }
            catch (Exception exception)
            {
                wrong[fault.Name] = exception.ToString();
            }
        });

        foreach (Fault fault in faults.Where(results.ContainsKey))
        {
            Figure($"{fault.Name}\n  left:  {results[fault].Left}\n  right: {results[fault].Right}");
            if (results[fault].FindWrong(fault) is { } words)
            {
                wrong[fault.Name] = words;
            }
        }

        if (only is null && wrong.IsEmpty)
        {
            FaultTable.Hold([.. faults.Select(fault => (fault, results[fault]))]);
        }

        Assert.True(wrong.IsEmpty, string.Join("\n\n", wrong.Select(entry => $"{entry.Key}: {entry.Value}")));
    }
}
