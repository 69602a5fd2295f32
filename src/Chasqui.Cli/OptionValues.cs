using Chasqui.Core.Config;

namespace Chasqui.Cli;

/// <summary>What a person gave a command: words in order, and options.</summary>
internal sealed class OptionValues
{
    private readonly List<string> _words = [];
    private readonly Dictionary<string, List<string>> _values = [];

    /// <summary>Whether help was asked for; then nothing else counts.</summary>
    internal bool IsHelp { get; set; }

    /// <summary>What is no option, in order.</summary>
    internal IReadOnlyList<string> Words => _words;

    /// <summary>Whether an option was given.</summary>
    internal bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The value of an option; null if it was not given.</summary>
    internal string? Get(string name) => _values.TryGetValue(name, out List<string>? values) ? values[^1] : null;

    /// <summary>All values of an option, in order.</summary>
    internal IReadOnlyList<string> GetAll(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    /// <summary>The value of an option as something better than text; the default if it was not given.</summary>
    /// <param name="name">The option.</param>
    /// <param name="read">Reads the text; what it throws as <see cref="ConfigException"/> is said of the option.</param>
    /// <exception cref="ConfigException">The value is wrong.</exception>
    internal T? Read<T>(string name, Func<string, T> read)
    {
        try
        {
            return Get(name) is { } text ? read(text) : default;
        }
        catch (ConfigException exception)
        {
            throw new ConfigException(null, 0, name, exception.Reason);
        }
    }

    internal void Add(string word) => _words.Add(word);

    internal void Add(Option option, string value)
    {
        if (!_values.TryGetValue(option.Name, out List<string>? values))
        {
            _values.Add(option.Name, values = []);
        }

        values.Add(value);
    }
}
