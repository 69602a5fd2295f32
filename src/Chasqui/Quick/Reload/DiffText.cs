using System.Globalization;

namespace Chasqui.Quick.Reload;

/// <summary>Differences as lines below the titles of their sections.</summary>
internal sealed class DiffText
{
    /// <summary>What stands for a secret.</summary>
    internal const string Secret = "(hidden)";

    private readonly List<string> _lines = [];
    private string? _title;

    /// <summary>Whether nothing differs; comments do not count.</summary>
    internal bool IsSame { get; private set; } = true;

    /// <summary>Begins a section; its title is written if anything follows.</summary>
    internal void Begin(string title) => _title = title;

    /// <summary>A value that runs, or null, and the one that is wanted, or null.</summary>
    internal void Change(string key, string? running, string? wanted)
    {
        Add('-', key, running);
        Add('+', key, wanted);
    }

    /// <summary>Values of a key that may be there many times.</summary>
    internal void Change<T>(string key, IEnumerable<T> running, IEnumerable<T> wanted)
    {
        foreach (T value in running)
        {
            Add('-', key, Text(value));
        }

        foreach (T value in wanted)
        {
            Add('+', key, Text(value));
        }
    }

    /// <summary>What a file has no key for.</summary>
    internal void ChangeBeyondFile(char sign, string words)
    {
        IsSame = false;
        Line($"{sign} # {words}");
    }

    /// <summary>What is no difference.</summary>
    internal void Note(string words) => Line($"  # {words}");

    /// <summary>Writes all of it; nothing if there is nothing.</summary>
    internal void WriteTo(TextWriter output, string running, string wanted)
    {
        if (_lines.Count == 0)
        {
            return;
        }

        output.WriteLine($"--- {running}");
        output.WriteLine($"+++ {wanted}");
        foreach (string line in _lines)
        {
            output.WriteLine(line);
        }
    }

    private void Add(char sign, string key, string? value)
    {
        if (value is not null)
        {
            IsSame = false;
            Line($"{sign} {key} = {value}");
        }
    }

    private void Line(string line)
    {
        if (_title is not null)
        {
            _lines.Add(_title);
            _title = null;
        }

        _lines.Add(line);
    }

    private static string? Text<T>(T value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
