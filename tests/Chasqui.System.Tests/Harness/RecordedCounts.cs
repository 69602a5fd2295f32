using System.Globalization;

namespace Chasqui.System.Tests.Harness;

/// <summary>The counts in the repository that later ones are held to; <c>./build.sh record-counts</c> writes them anew.</summary>
internal static class RecordedCounts
{
    private const string Hint = "if that is meant, ./build.sh record-counts records it";
    private static readonly string[] Head =
    [
        "# What CountingTests counted: the published binary for x86-64, two daemons and a cable. ./build.sh record-counts writes this file.",
        "# The tests say by how much a count may differ.",
    ];

    private static string Path => $"{Programs.Repository()}/tests/Chasqui.System.Tests/recorded-counts.txt";

    private static bool IsRecording => Environment.GetEnvironmentVariable("CHASQUI_RECORD_COUNTS") == "1";

    /// <summary>Prints the counts, and fails the test for those that differ from what is recorded by more than they may.</summary>
    public static void Hold(params IReadOnlyList<Count> counts)
    {
        var recorded = Read();
        foreach (var count in counts)
        {
            var before = recorded.TryGetValue(count.Name, out var value) ? $"recorded {Text(value)}" : "not recorded";
            SystemTest.Figure($"{count.Name}: {Text(count.Value)}; {before}, {count.Bounds}");
        }

        if (IsRecording)
        {
            Write(recorded, counts);
            return;
        }

        Assert.All(counts, count => Assert.True(recorded.ContainsKey(count.Name), $"{count.Name} is not recorded; {Hint}"));
        var wrong = counts.Where(count => !count.IsWithin(recorded[count.Name]))
            .Select(count => $"{count.Name}: {Text(count.Value)}, recorded {Text(recorded[count.Name])}, {count.Bounds}")
            .ToArray();
        Assert.True(wrong.Length == 0, $"{string.Join('\n', wrong)}\n{Hint}");
    }

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static SortedDictionary<string, double> Read()
    {
        var recorded = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in File.Exists(Path) ? File.ReadLines(Path).Where(line => !line.StartsWith('#')) : [])
        {
            var middle = line.LastIndexOf(" = ", StringComparison.Ordinal);
            recorded[line[..middle]] = double.Parse(line[(middle + 3)..], CultureInfo.InvariantCulture);
        }

        return recorded;
    }

    private static void Write(SortedDictionary<string, double> recorded, IReadOnlyList<Count> counts)
    {
        foreach (var count in counts)
        {
            recorded[count.Name] = count.Value;
        }

        File.WriteAllLines(Path, [.. Head, .. recorded.Select(entry => $"{entry.Key} = {Text(entry.Value)}")]);
    }
}
