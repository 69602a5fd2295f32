using System.Globalization;
using System.Text.Json;

namespace Chasqui.Explain;

/// <summary>Reads what <c>nft -j list ruleset</c> prints, for one packet: a first IPv4 datagram from elsewhere to a UDP port. Pure.</summary>
/// <remarks>Source: libnftables-json(5). What is not understood may or may not be for the packet.</remarks>
internal static class NftRules
{
    /// <summary>Reads the tables.</summary>
    /// <param name="json">The listing; what is none has no tables.</param>
    /// <param name="port">The port.</param>
    /// <param name="hasMasquerade">Whether some rule translates source addresses.</param>
    internal static IReadOnlyList<FilterTable> Read(string json, ushort port, out bool hasMasquerade)
    {
        hasMasquerade = false;
        Dictionary<string, FilterTable> tables = [];
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("nftables", out JsonElement items) || items.ValueKind != JsonValueKind.Array)
            {
                return [];
            }

            foreach (JsonElement item in items.EnumerateArray())
            {
                hasMasquerade |= Take(item, port, tables);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return []; // no listing, or one of a kind that is not known
        }

        return [.. tables.Values];
    }

    /// <returns>Whether it is a rule that translates source addresses.</returns>
    private static bool Take(JsonElement item, ushort port, Dictionary<string, FilterTable> tables)
    {
        if (item.TryGetProperty("chain", out JsonElement chain) && IsOurs(chain))
        {
            string name = Text(chain, "name"), policy = Text(chain, "policy");
            TableOf(chain, tables).AddChain(
                name,
                Text(chain, "hook") == "input",
                policy == "drop",
                $"the policy of nft chain {Text(chain, "family")} {Text(chain, "table")} {name}: drop");
        }
        else if (item.TryGetProperty("rule", out JsonElement rule) && IsOurs(rule) && rule.TryGetProperty("expr", out JsonElement expressions))
        {
            string text = $"a rule of nft chain {Text(rule, "family")} {Text(rule, "table")} {Text(rule, "chain")}, handle {Number(rule, "handle")}";
            TableOf(rule, tables).AddRule(Text(rule, "chain"), Judge(expressions, port, text));
            return expressions.EnumerateArray().Any(static one => one.TryGetProperty("masquerade", out _) || one.TryGetProperty("snat", out _));
        }

        return false;
    }

    /// <summary>IPv4 packets pass the tables of two families; those of others, and those that the daemon's own tools make, are not looked at.</summary>
    private static bool IsOurs(JsonElement item) => Text(item, "family") is "ip" or "inet";

    private static FilterTable TableOf(JsonElement item, Dictionary<string, FilterTable> tables)
    {
        string key = $"{Text(item, "family")} {Text(item, "table")}";
        if (!tables.TryGetValue(key, out FilterTable? table))
        {
            tables[key] = table = new FilterTable();
        }

        return table;
    }

    private static FilterRule Judge(JsonElement expressions, ushort port, string text)
    {
        FilterMatch all = FilterMatch.Yes;
        foreach (JsonElement expression in expressions.EnumerateArray())
        {
            JsonProperty one = expression.EnumerateObject().FirstOrDefault();
            switch (one.Name)
            {
                case "match":
                    all = Min(all, Match(one.Value, port));
                    break;
                case "accept":
                    return new FilterRule(all, FilterAction.Accept, null, text);
                case "drop" or "reject":
                    return new FilterRule(all, FilterAction.Drop, null, text);
                case "return":
                    return new FilterRule(all, FilterAction.Return, null, text);
                case "jump" or "goto":
                    return new FilterRule(all, one.Name == "jump" ? FilterAction.Jump : FilterAction.Goto, Text(one.Value, "target"), text);
                case "counter" or "log" or "comment" or "mangle":
                    break;
                default:
                    all = Min(all, FilterMatch.Perhaps); // limits, sets, maps of verdicts, iptables' own
                    break;
            }
        }

        return new FilterRule(all, FilterAction.Continue, null, text);
    }

    private static FilterMatch Match(JsonElement match, ushort port)
    {
        bool isNegated = Text(match, "op") == "!=";
        if (Text(match, "op") is not ("==" or "!=" or "in") || !match.TryGetProperty("left", out JsonElement left)
            || !match.TryGetProperty("right", out JsonElement right))
        {
            return FilterMatch.Perhaps;
        }

        FilterMatch found = Subject(left) switch
        {
            "udp dport" or "th dport" => Contains(right, value => IsPort(value, port)),
            "tcp dport" or "tcp sport" or "icmp type" => FilterMatch.No,
            "meta l4proto" or "ip protocol" => Contains(right, static value => Is(value, "udp", 17)),
            "meta nfproto" => Contains(right, static value => Is(value, "ipv4", 2)),
            "meta protocol" => Contains(right, static value => Is(value, "ip", 8)),
            "meta iifname" or "meta iif" => Contains(right, static value => Is(value, "lo", 1)) == FilterMatch.Yes ? FilterMatch.No : FilterMatch.Perhaps,
            "ct state" => Contains(right, static value => Is(value, "new", -1)),
            _ => FilterMatch.Perhaps,
        };
        return !isNegated || found == FilterMatch.Perhaps ? found : found == FilterMatch.Yes ? FilterMatch.No : FilterMatch.Yes;
    }

    /// <summary>What a match looks at, in nft's words: <c>udp dport</c>, <c>meta l4proto</c>, <c>ct state</c>.</summary>
    private static string Subject(JsonElement left)
    {
        if (left.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        JsonProperty one = left.EnumerateObject().FirstOrDefault();
        return one.Name switch
        {
            "payload" => $"{Text(one.Value, "protocol")} {Text(one.Value, "field")}",
            "meta" or "ct" => $"{one.Name} {Text(one.Value, "key")}",
            _ => "",
        };
    }

    /// <summary>Whether a value, a set or a list has something.</summary>
    private static FilterMatch Contains(JsonElement right, Func<JsonElement, bool?> isIt)
    {
        if (right.ValueKind == JsonValueKind.Object && right.TryGetProperty("set", out JsonElement set))
        {
            right = set;
        }

        FilterMatch found = FilterMatch.No;
        foreach (JsonElement value in right.ValueKind == JsonValueKind.Array ? [.. right.EnumerateArray()] : (JsonElement[])[right])
        {
            FilterMatch one = isIt(value) switch { true => FilterMatch.Yes, false => FilterMatch.No, null => FilterMatch.Perhaps };
            found = one > found ? one : found;
        }

        return found;
    }

    private static bool? IsPort(JsonElement value, ushort port)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetInt32(out int number) && number == port;
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("range", out JsonElement range) && range.ValueKind == JsonValueKind.Array)
        {
            JsonElement[] ends = [.. range.EnumerateArray()];
            return ends.Length == 2 && ends[0].TryGetInt32(out int low) && ends[1].TryGetInt32(out int high) ? low <= port && port <= high : null;
        }

        return null; // a service's name, or a named set
    }

    private static bool? Is(JsonElement value, string name, int number) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { } text && text.StartsWith('@') ? null : value.GetString() == name,
        JsonValueKind.Number => value.TryGetInt32(out int found) && found == number,
        _ => null,
    };

    private static FilterMatch Min(FilterMatch one, FilterMatch other) => one < other ? one : other;

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";

    private static string Number(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.TryGetInt64(out long number) ? number.ToString(CultureInfo.InvariantCulture) : "?";
}
