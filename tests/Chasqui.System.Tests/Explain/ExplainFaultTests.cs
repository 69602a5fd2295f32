using System.Collections.Concurrent;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>Faults that are made for real, and what <c>explain</c> says of them on each end.</summary>
public sealed class ExplainFaultTests : SystemTest
{
    // Each mostly waits.
    private const int AtOnce = 16;

    [Fact]
    public void EveryFaultHasItsVerdictOnEachEnd()
    {
        Programs.Require();
        Programs.RequireTool("nft");
        Programs.RequireTool("iptables");
        Programs.RequireTool("iperf3");
        Run("faults", [.. FaultsOfKeys.All, .. FaultsOfWays.All, .. FaultsOfAddresses.All, .. FaultsOfTime.All, .. FaultsOfNone.All]);
    }

    [Fact]
    public void EveryFaultHasItsVerdictWithOtherDaemons()
    {
        Programs.Require(Implementation.Chasqui, Implementation.WireguardGo);
        Programs.RequireTool("nft");
        Run("faults with daemons", FaultsOfDaemons.All);
    }

    private static void Run(string table, Fault[] faults)
    {
        string? only = Environment.GetEnvironmentVariable("CHASQUI_FAULT");
        faults = [.. faults.Where(fault => only is null || fault.Name.Contains(only, StringComparison.Ordinal))];
        ConcurrentDictionary<string, string> wrong = new();
        ConcurrentDictionary<Fault, FaultResult> results = new();
        ConcurrentQueue<Fault> left = new(faults);
        Thread[] threads = [.. Enumerable.Range(0, AtOnce).Select(_ => new Thread(() => MakeAll(left, results, wrong)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

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
            FaultTable.Hold(table, [.. faults.Select(fault => (fault, results[fault]))]);
        }

        Assert.True(wrong.IsEmpty, string.Join("\n\n", wrong.Select(entry => $"{entry.Key}: {entry.Value}")));
    }

    private static void MakeAll(ConcurrentQueue<Fault> left, ConcurrentDictionary<Fault, FaultResult> results, ConcurrentDictionary<string, string> wrong)
    {
        while (left.TryDequeue(out Fault? fault))
        {
            try
            {
                results[fault] = FaultResult.Of(fault);
            }
            catch (Exception exception)
            {
                wrong[fault.Name] = exception.ToString();
            }
        }
    }
}
