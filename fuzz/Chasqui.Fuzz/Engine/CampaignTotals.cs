using System.Text.Json;

namespace Chasqui.Fuzz.Engine;

/// <summary>What all campaigns together have tried, a line a target, in a file of the repository.</summary>
internal sealed class CampaignTotals(string path)
{
    private static readonly JsonSerializerOptions Lines = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The repository's own.</summary>
    internal static CampaignTotals OfRepository { get; } = new(Path.Combine(Storage.Root, "docs", "security", "fuzz.jsonl"));

    /// <summary>What a target has so far.</summary>
    internal CampaignTotal Of(string target) => Of(target, Read());

    /// <summary>Adds a run; others may add to the file at the same time.</summary>
    internal void Add(IFuzzTarget target, FuzzReport report)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream turn = TakeTurn();
        SortedDictionary<string, CampaignTotal> totals = Read();
        CampaignTotal old = Of(target.Name, totals);
        totals[target.Name] = new CampaignTotal(
            target.Name,
            old.Entries + (report.Executions * target.EntriesPerRun),
            old.Inputs + report.Executions,
            old.Seconds + (long)report.Elapsed.TotalSeconds,
            Math.Max(old.Edges, report.Edges),
            old.Findings + (report.Finding is null ? 0 : 1));
        string written = path + ".new";
        File.WriteAllLines(written, totals.Values.Select(total => JsonSerializer.Serialize(total, Lines)));
        File.Move(written, path, overwrite: true);
    }

    private static CampaignTotal Of(string target, SortedDictionary<string, CampaignTotal> totals) =>
        totals.GetValueOrDefault(target) ?? new CampaignTotal(target, 0, 0, 0, 0, 0);

    private SortedDictionary<string, CampaignTotal> Read()
    {
        IEnumerable<string> lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        IEnumerable<CampaignTotal> totals = lines.Select(line => JsonSerializer.Deserialize<CampaignTotal>(line, Lines)!);
        return new(totals.ToDictionary(total => total.Target), StringComparer.Ordinal);
    }

    /// <summary>Waits until no other process is at the file.</summary>
    private FileStream TakeTurn()
    {
        while (true)
        {
            try
            {
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                Thread.Sleep(10);
            }
        }
    }
}
