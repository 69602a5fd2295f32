using Chasqui.Core.Wire;
using Chasqui.Linux.Netlink;

namespace Chasqui.Quick;

/// <summary>Which routes and rules an interface gets from its peers' allowed addresses. Source: wg-quick(8).</summary>
internal static class QuickRouting
{
    private const uint FirstTable = 51820;
    private const uint Tables = 1000;

    /// <summary>The longest first, as <c>sort -nr</c> has it: of two that are as long, the one whose text is later.</summary>
    internal static List<IpPrefix> Order(IEnumerable<IpPrefix> allowedIps)
    {
        List<IpPrefix> prefixes = [.. allowedIps];
        prefixes.Sort(static (left, right) => left.Length != right.Length
            ? right.Length.CompareTo(left.Length)
            : string.CompareOrdinal(right.ToString(), left.ToString()));
        return prefixes;
    }

    /// <summary>The rule that sends what has not the tunnel's mark into the table of that number.</summary>
    internal static RuleInfo IntoTable(bool isV6, uint table) => new() { IsV6 = isV6, Mark = table, Table = table, IsInverted = true };

    /// <summary>The rule that lets the main table decide before, but for its default route.</summary>
    internal static RuleInfo HidingDefault(bool isV6) => new() { IsV6 = isV6, Table = RouteInfo.MainTable, SuppressPrefixLength = 0 };

    /// <summary>The hiding rule that belongs to a rule into a table. Another tunnel has one of its own: ours is the nearest above.</summary>
    internal static RuleInfo? FindHiding(IReadOnlyList<RuleInfo> rules, RuleInfo into) => rules
        .Where(IsHiding)
        .OrderByDescending(static rule => rule.Priority)
        .Cast<RuleInfo?>()
        .FirstOrDefault(rule => rule!.Value.Priority <= into.Priority);

    /// <summary>The hiding rule that a note remembers, if it is still there.</summary>
    internal static RuleInfo? FindHiding(IReadOnlyList<RuleInfo> rules, IEnumerable<RuleInfo> remembered) => rules
        .Where(IsHiding)
        .Where(rule => remembered.Any(old => old.IsV6 == rule.IsV6 && old.Priority == rule.Priority))
        .Cast<RuleInfo?>()
        .FirstOrDefault();

    private static bool IsHiding(RuleInfo rule) =>
        rule is { IsLookup: true, IsFromAll: true, Mark: 0, Table: RouteInfo.MainTable, SuppressPrefixLength: 0 };

    /// <summary>Whether a mark is one that <see cref="FindFreeTable"/> could have chosen.</summary>
    internal static bool IsChosenTable(uint table) => table is >= FirstTable and < FirstTable + Tables;

    /// <summary>A table that nothing is in.</summary>
    internal static uint FindFreeTable(IEnumerable<RouteInfo> routes)
    {
        HashSet<uint> taken = [.. routes.Select(static route => route.Table)];
        uint table = FirstTable;
        while (taken.Contains(table))
        {
            table++;
        }

        return table;
    }

    /// <summary>The kernel's route of a network, by its own types.</summary>
    internal static System.Net.IPNetwork NetworkOf(IpPrefix prefix) => new(prefix.Address.ToIPAddress(), prefix.Length);
}
