using System.Globalization;
using Chasqui.Core.Config;

namespace Chasqui.Core.RouterOs;

/// <summary>What a RouterOS 7 script, above all an export, says about WireGuard: a configuration file for each interface.</summary>
/// <remarks>Source: MikroTik's manual, "WireGuard", "IP Addressing", "IP Routing".</remarks>
public sealed class RouterOsImport
{
    private const int MaxInterfaces = 256;

    private readonly List<RouterOsInterface> _interfaces = [];
    private readonly List<RouterOsNote> _notes;

    private RouterOsImport(RouterOsReader reader)
    {
        Version = reader.Version;
        _notes = [.. reader.Notes];
        var tables = new RouterOsTables(reader.Commands, _notes);
        foreach (RouterOsItem item in tables.Of(RouterOsTables.Interfaces))
        {
            Add(item, tables);
        }

        NoteStrayPeers(tables.Of(RouterOsTables.Peers));
        NoteOthers(tables);
        NotCarriedOver = [.. _notes.OrderBy(static note => note.Line)];
    }

    /// <summary>The version that the script's first comment names; null if it names none.</summary>
    public string? Version { get; }

    /// <summary>The interfaces in order.</summary>
    public IReadOnlyList<RouterOsInterface> Interfaces => _interfaces;

    /// <summary>What the files do not say, by line; what is about the whole script first.</summary>
    public IReadOnlyList<RouterOsNote> NotCarriedOver { get; }

    /// <summary>Whether a text is a RouterOS script rather than a configuration file.</summary>
    public static bool IsScript(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool hasHeader = false;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            if (trimmed.StartsWith('/'))
            {
                return true;
            }

            if (ConfKeys.Equal(ConfText.RemoveSpaces(ConfText.BeforeComment(trimmed)), "[Interface]"))
            {
                return false;
            }

            hasHeader |= trimmed.StartsWith('#') && trimmed.Contains(RouterOsReader.VersionMark, StringComparison.Ordinal);
        }

        return hasHeader;
    }

    /// <summary>Reads a script.</summary>
    /// <exception cref="ConfigException">A string or a bracket has no end, or the script is too long to be one.</exception>
    public static RouterOsImport Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RouterOsImport(RouterOsReader.Read(text));
    }

    private void Add(RouterOsItem item, RouterOsTables tables)
    {
        if (_interfaces.Count == MaxInterfaces)
        {
            throw new ConfigException(null, item.Line, null, "there are more than 256 interfaces of WireGuard; export them in parts.");
        }

        string? name = item.Get("name");
        if (name is null || _interfaces.Exists(known => known.OriginalName == name))
        {
            _notes.Add(new RouterOsNote(item.Line, "the interface has no name, or that of another one; it is left out."));
            return;
        }

        string own = FindName(name);
        if (own != name)
        {
            _notes.Add(new RouterOsNote(item.LineOf("name"), $"{ConfText.Quote(name)} is no interface's name on Linux; {own} is."));
        }

        _interfaces.Add(new RouterOsInterface(own, name, item.Line, new RouterOsConf(item, name, tables, _notes).Build()));
    }

    /// <summary>The nearest name that Linux and wg-quick(8) take, and that is free.</summary>
    private string FindName(string name)
    {
        if (QuickConfName.IsNewInterfaceName(name) && !name.StartsWith('-') && IsFree(name))
        {
            return name;
        }

        string letters = string.Concat(name.Where(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')).TrimStart('-');
        letters = letters.Length == 0 ? "wg" : letters;
        for (int number = 0; ; number++)
        {
            string suffix = number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
            string candidate = letters[..Math.Min(letters.Length, QuickConfName.MaxLength - suffix.Length)] + suffix;
            if (IsFree(candidate))
            {
                return candidate;
            }
        }
    }

    private bool IsFree(string name) => !_interfaces.Exists(known => known.Name == name);

    private void NoteStrayPeers(IReadOnlyList<RouterOsItem> peers)
    {
        foreach (RouterOsItem peer in peers)
        {
            string? name = peer.Get("interface");
            if (name is null || !_interfaces.Exists(known => known.OriginalName == name))
            {
                string which = name is null ? "no interface" : $"the interface {ConfText.Quote(name)}, which is not in this text";
                _notes.Add(new RouterOsNote(peer.Line, $"the peer is of {which}; it is left out. Export /interface/wireguard as well."));
            }
        }
    }

    /// <summary>Tells of what other menus say about an interface; of the rest, that there is some.</summary>
    private void NoteOthers(RouterOsTables tables)
    {
        HashSet<string> names = [.. _interfaces.Select(static known => known.OriginalName)];
        int others = 0;
        foreach (RouterOsCommand command in tables.Others)
        {
            IEnumerable<string> texts = command.Words.SelectMany(static word => word.Value.Split(',')).Select(static text => text.TrimStart('!'));
            string? name = texts.FirstOrDefault(names.Contains);
            if (name is null)
            {
                others++;
                continue;
            }

            _notes.Add(new RouterOsNote(command.Line, $"{command.Menu} {command.Verb} names {ConfText.Quote(name)}; it is not carried over."));
        }

        if (others > 0)
        {
            string count = others.ToString(CultureInfo.InvariantCulture);
            _notes.Add(new RouterOsNote(0, $"commands of other menus that name no interface of WireGuard are left out: {count}."));
        }
    }
}
