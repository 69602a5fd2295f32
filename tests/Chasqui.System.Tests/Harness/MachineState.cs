using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Chasqui.System.Tests.Harness;

/// <summary>Everything of a namespace that bringing an interface up changes, as text that can be compared.</summary>
internal static partial class MachineState
{
    private static readonly string[] Commands =
    [
        "ip -j addr", "ip -j -4 route show table all", "ip -j -6 route show table all", "ip -j -4 rule", "ip -j -6 rule",
    ];

    /// <summary>All that is compared, with the interface's name and what differs between any two namespaces taken out.</summary>
    public static string Of(NetworkNamespace network, string interfaceName) =>
        Plain(string.Join('\n', Commands.Select(command => Canonical(network.Run(command).Output))) + "\n" + Rest(network), interfaceName);

    /// <summary>The same in an order that does not depend on what came first, and what the daemon says with it.</summary>
    public static string Sorted(NetworkNamespace network, string interfaceName)
    {
        IEnumerable<string> kernel = Commands.Select(command => SortedJson(network.Run(command).Output));
        string rest = string.Join('\n', Rest(network).Split('\n').Order(StringComparer.Ordinal));
        bool isThere = File.Exists(Daemon.SocketPathOf(interfaceName));
        string daemon = isThere ? SortedConf(network.Run($"wg showconf {interfaceName}").Output) : "";
        return Plain($"{string.Join('\n', kernel)}\n{rest}\n{daemon}", interfaceName);
    }

    private static string Rest(NetworkNamespace network) => network.Run("nft list ruleset").Output
        + "src_valid_mark " + network.Run("sysctl -n net.ipv4.conf.all.src_valid_mark").Output;

    private static string Plain(string text, string interfaceName) =>
        Volatile().Replace(text.Replace(interfaceName, "IF", StringComparison.Ordinal), "");

    /// <summary>One element a line.</summary>
    private static string Canonical(string json) => string.Join('\n', Elements(json).Select(static node => node!.ToJsonString()));

    private static JsonArray Elements(string json) => JsonNode.Parse(json.Length == 0 ? "[]" : json)!.AsArray();

    private static string SortedJson(string json)
    {
        List<string> lines = [];
        foreach (JsonNode? node in Elements(json))
        {
            JsonArray addresses = node?["addr_info"]?.AsArray() ?? [];
            string inner = string.Concat(addresses.Select(static address => address!.ToJsonString()).Order(StringComparer.Ordinal).Select(static address => $"\n  {address}"));
            _ = node!.AsObject().Remove("addr_info");
            lines.Add(Volatile().Replace(node.ToJsonString() + inner, ""));
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    private static string SortedConf(string conf)
    {
        string[] sections = conf.Split("\n\n");
        IEnumerable<string> peers = sections.Skip(1).Select(static section => string.Join('\n', section.Trim().Split('\n').Select(SortedList)));
        return $"{sections[0].Trim()}\n{string.Join('\n', peers.Order(StringComparer.Ordinal))}\n";
    }

    private static string SortedList(string line) => line.StartsWith("AllowedIPs = ", StringComparison.Ordinal)
        ? $"AllowedIPs = {string.Join(", ", line["AllowedIPs = ".Length..].Split(", ").Order(StringComparer.Ordinal))}"
        : line;

    /// <summary>Indexes, hardware addresses, made-up link-local addresses and lifetimes: of the namespace, not of the tool.</summary>
    [GeneratedRegex("\"(ifindex|link_index|address|valid_life_time|preferred_life_time|expires|used)\":(\"[^\"]*\"|[0-9]+),?|,?\"tentative\":true|fe80::[0-9a-f:]+|ff02::1:ff[0-9a-f:]+|# handle [0-9]+")]
    private static partial Regex Volatile();
}
