using System.Globalization;

namespace Chasqui.Explain;

/// <summary>Reads what <c>iptables-save</c> prints, for one packet: a first datagram from elsewhere to a UDP port. Pure.</summary>
/// <remarks>Source: iptables-save(8), iptables-extensions(8). What is not understood may or may not be for the packet.</remarks>
internal static class IptablesRules
{
    /// <summary>Reads the table <c>filter</c>; without one, an empty table.</summary>
    internal static FilterTable Read(string rules, ushort port)
    {
        var table = new FilterTable();
        bool isFilter = false;
        foreach (string line in rules.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [['*', ..], ..])
            {
                isFilter = words[0] == "*filter";
            }
            else if (isFilter && words is [[':', .. var name], var policy, ..])
            {
                table.AddChain(name, name == "INPUT", policy == "DROP", $"the policy of iptables chain {name}: {policy}");
            }
            else if (isFilter && words is ["-A", var chain, .. var rest])
            {
                table.AddRule(chain, Judge(rest, port, $"iptables rule {line.Trim()}"));
            }
        }

        return table;
    }

    /// <summary>Whether some rule translates source addresses.</summary>
    internal static bool HasMasquerade(string rules) =>
        rules.Contains("-j MASQUERADE", StringComparison.Ordinal) || rules.Contains("-j SNAT", StringComparison.Ordinal);

    private static FilterRule Judge(string[] words, ushort port, string text)
    {
        FilterMatch all = FilterMatch.Yes;
        FilterAction action = FilterAction.Continue;
        string? target = null;
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] is "-j" or "-g")
            {
                string name = i + 1 < words.Length ? words[i + 1] : "";
                (action, target) = ActionOf(name, words[i] == "-g");
                break;
            }

            bool isNegated = words[i] == "!";
            i += isNegated ? 1 : 0;
            if (i >= words.Length)
            {
                break;
            }

            FilterMatch one = Match(words, ref i, port);
            one = !isNegated || one == FilterMatch.Perhaps ? one : one == FilterMatch.Yes ? FilterMatch.No : FilterMatch.Yes;
            all = one < all ? one : all;
        }

        return new FilterRule(all, action, target, text);
    }

    private static (FilterAction Action, string? Target) ActionOf(string name, bool isGoto) => name switch
    {
        "ACCEPT" => (FilterAction.Accept, null),
        "DROP" or "REJECT" => (FilterAction.Drop, null),
        "RETURN" => (FilterAction.Return, null),
        "LOG" or "NFLOG" or "MARK" or "CONNMARK" => (FilterAction.Continue, null),
        _ => (isGoto ? FilterAction.Goto : FilterAction.Jump, name),
    };

    /// <summary>One option with its value, which is skipped.</summary>
    private static FilterMatch Match(string[] words, ref int i, ushort port)
    {
        string option = words[i], value = i + 1 < words.Length ? words[i + 1] : "";
        i++;
        switch (option)
        {
            case "-m":
                return value is "udp" or "tcp" or "comment" or "conntrack" or "state" or "multiport" ? FilterMatch.Yes : FilterMatch.Perhaps;
            case "--comment":
                SkipQuoted(words, ref i);
                return FilterMatch.Yes;
            case "-p":
                return Certain(value is "udp" or "17" or "all");
            case "--dport" or "--dports" or "--destination-ports":
                return Certain(value.Split(',').Any(part => IsPort(part, port)));
            case "--ctstate" or "--state":
                return Certain(value.Split(',').Contains("NEW"));
            case "-i":
                return value == "lo" ? FilterMatch.No : FilterMatch.Perhaps;
            default:
                return FilterMatch.Perhaps;
        }
    }

    private static void SkipQuoted(string[] words, ref int i)
    {
        if (i < words.Length && words[i].StartsWith('"'))
        {
            while (i < words.Length && !(words[i].Length > 1 && words[i].EndsWith('"')))
            {
                i++;
            }
        }
    }

    private static FilterMatch Certain(bool isIt) => isIt ? FilterMatch.Yes : FilterMatch.No;

    private static bool IsPort(string text, ushort port)
    {
        string[] ends = text.Split(':');
        return TryPort(ends[0], out int low) && TryPort(ends[^1], out int high) && low <= port && port <= high;
    }

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
