namespace Chasqui.Core.RouterOs;

/// <summary>An item of a menu's table: an interface, a peer, an address, a route.</summary>
internal sealed class RouterOsItem(int line)
{
    private readonly Dictionary<string, RouterOsWord> _properties = [];

    /// <summary>Where it was added, from 1.</summary>
    internal int Line { get; } = line;

    internal IEnumerable<RouterOsWord> Properties => _properties.Values;

    internal bool IsDisabled => Is("disabled");

    /// <summary>Takes the properties of a command; a later one counts.</summary>
    internal void Take(IEnumerable<RouterOsWord> words)
    {
        foreach (RouterOsWord word in words)
        {
            if (word.Name is { } name)
            {
                _properties[name] = word;
            }
        }
    }

    /// <summary>The text of a property; null if there is none, or it is empty or unset or has to be computed.</summary>
    internal string? Get(string name) =>
        _properties.TryGetValue(name, out RouterOsWord word) && word is { Kind: RouterOsWordKind.Text, Value.Length: > 0 } ? word.Value : null;

    internal bool Is(string name) => Get(name) is "yes" or "true";

    /// <summary>Where a property was given; where the item was, if it was not.</summary>
    internal int LineOf(string name) => _properties.TryGetValue(name, out RouterOsWord word) ? word.Line : Line;
}
