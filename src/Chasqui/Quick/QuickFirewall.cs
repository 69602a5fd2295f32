using System.Text;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick;

/// <summary>The packet filter around a default route through a tunnel, in nft where there is one, else in iptables.</summary>
/// <remarks>
/// Packets for the tunnel's own address that come from outside of it are dropped (CVE-2019-14899), and the mark of the tunnel's own datagrams
/// is given to their answers, so that the reverse path filter lets them in. The names and rules are stock's, so that either tool removes
/// the other's. Source: wireguard-tools wg-quick/linux.bash.
/// </remarks>
internal sealed class QuickFirewall
{
    private readonly HostPrograms _programs;
    private readonly string _interfaceName;

    internal QuickFirewall(HostPrograms programs, string interfaceName)
    {
        _programs = programs;
        _interfaceName = interfaceName;
    }

    private bool HasNft => _programs.Find("nft") is not null;

    private string Table => $"wg-quick-{_interfaceName}";

    private string Marker => $"-m comment --comment \"wg-quick(8) rule for {_interfaceName}\"";

    internal string AddWords(bool isV6) => HasNft ? "nft -f -" : $"{(isV6 ? "ip6tables" : "iptables")}-restore -n";

    internal string RemoveWords(bool isV6) => HasNft ? $"nft delete table {(isV6 ? "ip6" : "ip")} {Table}" : AddWords(isV6);

    /// <summary>The addresses of one family that <see cref="Add"/> protects.</summary>
    internal static string[] AddressesOf(bool isV6, IEnumerable<AddressInfo> addresses) =>
        [.. addresses.Where(address => IsV6(address) == isV6).Select(static address => address.Address.ToString())];

    internal void Add(bool isV6, uint mark, IReadOnlyList<string> addresses)
    {
        if (HasNft)
        {
            _programs.Run("nft", ["-f", "-"], NftRules(isV6 ? "ip6" : "ip", mark, addresses));
        }
        else
        {
            _programs.Run(isV6 ? "ip6tables-restore" : "iptables-restore", ["-n"], IptablesRules(mark, addresses));
        }
    }

    /// <summary>Puts other rules in the place of those that are there: with nft in one go, so that there is no moment without.</summary>
    internal void Replace(bool isV6, uint mark, IReadOnlyList<string> addresses)
    {
        if (HasNft)
        {
            string family = isV6 ? "ip6" : "ip";
            _programs.Run("nft", ["-f", "-"], $"delete table {family} {Table}\n{NftRules(family, mark, addresses)}");
        }
        else
        {
            Remove(isV6);
            Add(isV6, mark, addresses);
        }
    }

    /// <summary>Reads what is there for the interface; null if there is nothing.</summary>
    internal FirewallState? Read(bool isV6)
    {
        if (!HasNft)
        {
            string program = isV6 ? "ip6tables-save" : "iptables-save";
            return _programs.Find(program) is null ? null : FirewallState.ParseIptables(_programs.Read(program), Marker);
        }

        string family = isV6 ? "ip6" : "ip";
        bool isThere = _programs.Read("nft", "list", "tables", family).Split('\n').Contains($"table {family} {Table}");
        return isThere ? FirewallState.ParseNft(_programs.Read("nft", "-n", "list", "table", family, Table)) : null;
    }

    internal void Remove(bool isV6)
    {
        if (HasNft)
        {
            _programs.Run("nft", ["-f", "-"], $"delete table {(isV6 ? "ip6" : "ip")} {Table}\n");
        }
        else
        {
            RemoveIptables(isV6 ? "ip6tables" : "iptables", static (_, action) => action());
        }
    }

    /// <summary>Removes all there is for the interface, by whichever tool it was made.</summary>
    /// <param name="step">Given the words and the action of each step.</param>
    internal void RemoveAll(Action<string, Action> step)
    {
        if (HasNft)
        {
            string commands = string.Concat(_programs.Read("nft", "list", "tables").Split('\n')
                .Where(line => line.EndsWith($" {Table}", StringComparison.Ordinal))
                .Select(static line => $"delete {line}\n"));
            if (commands.Length > 0)
            {
                step("nft -f -", () => _programs.Run("nft", ["-f", "-"], commands));
            }
        }

        foreach (string iptables in new[] { "iptables", "ip6tables" })
        {
            if (_programs.Find("iptables") is not null && _programs.Find($"{iptables}-save") is not null)
            {
                RemoveIptables(iptables, step);
            }
        }
    }

    private void RemoveIptables(string iptables, Action<string, Action> step)
    {
        var restore = new StringBuilder();
        bool isFound = false;
        foreach (string line in _programs.Read($"{iptables}-save").Split('\n'))
        {
            bool isOurs = line.StartsWith("-A ", StringComparison.Ordinal) && line.Contains(Marker, StringComparison.Ordinal);
            isFound |= isOurs;
            if (isOurs || line is ['*', ..] or "COMMIT")
            {
                _ = restore.Append(isOurs ? $"-D{line[2..]}" : line).Append('\n');
            }
        }

        if (isFound)
        {
            step($"{iptables}-restore -n", () => _programs.Run($"{iptables}-restore", ["-n"], restore.ToString()));
        }
    }

    private string NftRules(string family, uint mark, IReadOnlyList<string> addresses)
    {
        string drops = string.Concat(addresses.Select(address =>
            $"add rule {family} {Table} preraw iifname != \"{_interfaceName}\" {family} daddr {address} fib saddr type != local drop\n"));
        return $$"""
            add table {{family}} {{Table}}
            add chain {{family}} {{Table}} preraw { type filter hook prerouting priority -300; }
            add chain {{family}} {{Table}} premangle { type filter hook prerouting priority -150; }
            add chain {{family}} {{Table}} postmangle { type filter hook postrouting priority -150; }
            {{drops}}add rule {{family}} {{Table}} postmangle meta l4proto udp mark {{mark}} ct mark set mark
            add rule {{family}} {{Table}} premangle meta l4proto udp meta mark set ct mark

            """;
    }

    private string IptablesRules(uint mark, IReadOnlyList<string> addresses)
    {
        string drops = string.Concat(addresses.Select(address =>
            $"-I PREROUTING ! -i {_interfaceName} -d {address} -m addrtype ! --src-type LOCAL -j DROP {Marker}\n"));
        return $"""
            *raw
            {drops}COMMIT
            *mangle
            -I POSTROUTING -m mark --mark {mark} -p udp -j CONNMARK --save-mark {Marker}
            -I PREROUTING -p udp -j CONNMARK --restore-mark {Marker}
            COMMIT

            """;
    }

    private static bool IsV6(AddressInfo address) => address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
}
