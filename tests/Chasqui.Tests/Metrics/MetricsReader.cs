using System.Globalization;
using System.Text.RegularExpressions;

namespace Chasqui.Tests.Metrics;

/// <summary>Reads OpenMetrics text, stricter than Prometheus does: every rule that is broken fails the test.</summary>
internal sealed partial class MetricsReader
{
    private readonly Dictionary<string, decimal> _samples = [];
    private readonly Dictionary<string, string> _types = [];
    private string _family = "";
    private string _unit = "";

    internal MetricsReader(string text)
    {
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        foreach (string line in text[..^"# EOF\n".Length].TrimEnd('\n').Split('\n'))
        {
            Read(line);
        }
    }

    internal IReadOnlyDictionary<string, decimal> Samples => _samples;

    internal IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>The value of the one sample of that name whose labels hold all of these.</summary>
    internal decimal Value(string name, params string[] labels)
    {
        KeyValuePair<string, decimal> found = Assert.Single(
            _samples, sample => sample.Key.StartsWith($"{name}{{", StringComparison.Ordinal) && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)));
        return found.Value;
    }

    private void Read(string line)
    {
        string[] words = line.Split(' ', 4);
        switch (words)
        {
            case ["#", "TYPE", var name, "counter" or "gauge"]:
                Assert.True(_types.TryAdd(name, words[3]), $"{name} begins twice");
                _family = name;
                _unit = "";
                break;
            case ["#", "UNIT", var name, var unit]:
                Assert.Equal(_family, name);
                Assert.EndsWith($"_{_unit = unit}", name, StringComparison.Ordinal);
                break;
            case ["#", "HELP", var name, var help]:
                Assert.Equal(_family, name);
                Assert.EndsWith(".", help, StringComparison.Ordinal);
                break;
            default:
                ReadSample(line);
                break;
        }
    }

    private void ReadSample(string line)
    {
        Match match = Sample().Match(line);
        Assert.True(match.Success, line);
        string name = match.Groups["name"].Value;
        bool isCounter = _types[_family] == "counter";
        Assert.Equal(_family + (isCounter ? "_total" : ""), name);
        Assert.Equal(_unit.Length > 0, _family.EndsWith("_bytes", StringComparison.Ordinal) || _family.EndsWith("_seconds", StringComparison.Ordinal));
        decimal value = decimal.Parse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.False(isCounter && value < 0, line);
        Assert.True(_samples.TryAdd(line[..line.LastIndexOf(' ')], value), $"twice: {line}");
    }

    [GeneratedRegex("""^(?<name>[a-z][a-z0-9_]*)\{(?<label>[a-z_]+="([^"\\\n]|\\["\\n])*"(,|(?=\})))+\} (?<value>-?[0-9]+(\.[0-9]+)?)$""")]
    private static partial Regex Sample();
}
