using System.Globalization;
using Chasqui.Core.Config;

namespace Chasqui.Core.RouterOs;

/// <summary>The tables that matter to a tunnel, after all commands of a script.</summary>
internal sealed class RouterOsTables
{
    internal const string Interfaces = "/interface/wireguard";
    internal const string Peers = "/interface/wireguard/peers";
    internal const string Addresses = "/ip/address";
    internal const string AddressesV6 = "/ipv6/address";
    internal const string Routes = "/ip/route";
    internal const string RoutesV6 = "/ipv6/route";

    private readonly Dictionary<string, List<RouterOsItem>> _tables = new()
    {
        [Interfaces] = [],
        [Peers] = [],
        [Addresses] = [],
        [AddressesV6] = [],
        [Routes] = [],
        [RoutesV6] = [],
    };

    /// <summary>How many items all commands together may look at: a script of nothing but searches would take for ever.</summary>
    private const long MaxVisits = 200_000_000;

    private readonly List<RouterOsNote> _notes;
    private long _visits;

    /// <summary>Runs commands.</summary>
    /// <param name="commands">The commands of a script.</param>
    /// <param name="notes">Where it says what it could not run.</param>
    internal RouterOsTables(IReadOnlyList<RouterOsCommand> commands, List<RouterOsNote> notes)
    {
        _notes = notes;
        foreach (RouterOsCommand command in commands)
        {
            if (_tables.TryGetValue(command.Menu, out List<RouterOsItem>? table))
            {
                Apply(command, table);
            }
            else
            {
                Others.Add(command);
            }
        }
    }

    /// <summary>The commands of all other menus.</summary>
    internal List<RouterOsCommand> Others { get; } = [];

    /// <summary>A menu's items in order.</summary>
    internal IReadOnlyList<RouterOsItem> Of(string menu) => _tables[menu];

    private void Apply(RouterOsCommand command, List<RouterOsItem> table)
    {
        switch (command.Verb)
        {
            case "add":
                Add(command, table);
                break;
            case "set" or "remove" or "disable" or "enable":
                Change(command, table);
                break;
            case "print" or "export" or "find" or "get":
                break; // what only shows something
            default:
                _notes.Add(new RouterOsNote(command.Line, $"{command.Menu} {command.Verb} is not carried out; do what it does by hand."));
                break;
        }
    }

    private void Add(RouterOsCommand command, List<RouterOsItem> table)
    {
        var item = new RouterOsItem(command.Line);
        item.Take(command.Words);
        table.Add(item);
        foreach (RouterOsWord word in command.Words)
        {
            string? what = word.Kind == RouterOsWordKind.Expression ? "has to be computed by RouterOS" : word.Name is null ? "is no property" : null;
            if (what is not null)
            {
                _notes.Add(new RouterOsNote(word.Line, $"{word.Name ?? "a word"} {what}; it is left out."));
            }
        }
    }

    private void Change(RouterOsCommand command, List<RouterOsItem> table)
    {
        _visits += (long)table.Count * command.Words.Count;
        if (_visits > MaxVisits)
        {
            throw new ConfigException(null, command.Line, null, "the commands up to here search too much; give what /export writes.");
        }

        List<RouterOsItem> chosen = Select(command, table);
        if (chosen.Count == 0)
        {
            _notes.Add(new RouterOsNote(
                command.Line, $"{command.Menu} {command.Verb} is about items that are not in this text; export all of the menu."));
        }

        foreach (RouterOsItem item in chosen)
        {
            if (command.Verb == "remove")
            {
                _ = table.Remove(item);
                continue;
            }

            item.Take(command.Verb == "set"
                ? command.Words.Where(static word => word.Name is not "numbers")
                : [new RouterOsWord("disabled", command.Verb == "disable" ? "yes" : "no", RouterOsWordKind.Text, command.Line)]);
        }
    }

    private static List<RouterOsItem> Select(RouterOsCommand command, List<RouterOsItem> table)
    {
        List<RouterOsItem> chosen = [];
        foreach (RouterOsWord word in command.Words)
        {
            if (word.Name is not (null or "numbers"))
            {
                continue;
            }

            if (word.Kind == RouterOsWordKind.Expression)
            {
                chosen.AddRange(FindAll(word.Value, table));
                continue;
            }

            // An item's number as print would show it, or its name.
            bool isNumber = int.TryParse(word.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            chosen.AddRange(isNumber ? table.Skip(number).Take(1) : table.Where(item => item.Get("name") == word.Value));
        }

        return chosen;
    }

    /// <summary>What <c>[find name=… interface=…]</c> means; nothing, if it is more than that.</summary>
    private static IEnumerable<RouterOsItem> FindAll(string expression, List<RouterOsItem> table)
    {
        if (!expression.StartsWith('['))
        {
            return [];
        }

        RouterOsReader inner = RouterOsReader.Read(expression[1..^1]);
        bool isFind = inner.Notes.Count == 0 && inner.Commands is [{ Verb: "find" }];
        if (!isFind || inner.Commands[0].Words.Any(static word => !IsCondition(word)))
        {
            return [];
        }

        return table.Where(item => inner.Commands[0].Words.All(word => word.Name is null || (item.Get(word.Name) ?? "") == word.Value));
    }

    private static bool IsCondition(RouterOsWord word) =>
        word.Kind == RouterOsWordKind.Text && (word.Name is not null || word.Value is "where" or "and");
}
