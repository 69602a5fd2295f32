using System.Text;

namespace Chasqui.Core.RouterOs;

/// <summary>A command of a RouterOS script.</summary>
/// <param name="Menu">The menu's path in the form <c>/interface/wireguard</c>; <c>/</c> for the top.</param>
/// <param name="Verb">The command: <c>add</c>, <c>set</c>.</param>
/// <param name="Words">What follows it, in order.</param>
/// <param name="Line">Where it starts, from 1.</param>
internal sealed record RouterOsCommand(string Menu, string Verb, IReadOnlyList<RouterOsWord> Words, int Line)
{
    /// <summary>The last property of that name; null if there is none.</summary>
    internal RouterOsWord? Find(string name)
    {
        for (int i = Words.Count - 1; i >= 0; i--)
        {
            if (Words[i].Name == name)
            {
                return Words[i];
            }
        }

        return null;
    }

    /// <summary>The text of a property; null if there is none, or it is empty, unset or to be computed.</summary>
    internal string? Get(string name) => Find(name) is { Kind: RouterOsWordKind.Text, Value.Length: > 0 } word ? word.Value : null;

    /// <summary>Whether a property says yes.</summary>
    internal bool Is(string name) => Get(name) is "yes" or "true";

    /// <summary>The command in one line, whatever the menu is.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Menu).Append(Menu.Length > 1 ? "/" : "").Append(Verb);
        foreach (RouterOsWord word in Words)
        {
            text.Append(' ').Append(word.ToString());
        }

        return text.ToString();
    }
}
