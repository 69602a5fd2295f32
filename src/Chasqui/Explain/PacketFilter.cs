using Chasqui.Core.Explain;
using Chasqui.Quick;

namespace Chasqui.Explain;

/// <summary>The rules of the machine's packet filter, as far as nft and iptables tell.</summary>
internal sealed class PacketFilter
{
    private readonly string? _nft;
    private readonly string? _iptables;

    private PacketFilter(string? nft, string? iptables)
    {
        _nft = nft;
        _iptables = iptables;
    }

    /// <summary>Whether some rule translates source addresses; null if no rules can be read.</summary>
    internal bool? HasMasquerade
    {
        get
        {
            if (_nft is null && _iptables is null)
            {
                return null;
            }

            _ = NftRules.Read(_nft ?? "", 0, out bool hasMasquerade);
            return hasMasquerade || IptablesRules.HasMasquerade(_iptables ?? "");
        }
    }

    /// <summary>Reads the rules of the calling thread's network namespace.</summary>
    internal static PacketFilter Read(HostPrograms programs) =>
        new(ReadBy(programs, "nft", "-j", "list", "ruleset"), ReadBy(programs, "iptables-save"));

    /// <summary>Rules that were read already.</summary>
    internal static PacketFilter Of(string? nft, string? iptables) => new(nft, iptables);

    /// <summary>What becomes of a first datagram to a port, and by which rule.</summary>
    internal FilterVerdict JudgeIncoming(ushort port, out string? rule)
    {
        rule = null;
        if (_nft is null && _iptables is null)
        {
            return FilterVerdict.Unknown;
        }

        bool isUnknown = false;
        foreach (FilterTable table in (IEnumerable<FilterTable>)[IptablesRules.Read(_iptables ?? "", port), .. NftRules.Read(_nft ?? "", port, out _)])
        {
            FilterVerdict verdict = table.Judge(out rule);
            if (verdict == FilterVerdict.Drops)
            {
                return verdict;
            }

            isUnknown |= verdict == FilterVerdict.Unknown;
        }

        return isUnknown ? FilterVerdict.Unknown : FilterVerdict.Accepts;
    }

    /// <summary>What a program prints; null if there is none, or it may not.</summary>
    private static string? ReadBy(HostPrograms programs, string name, params IReadOnlyList<string> arguments)
    {
        try
        {
            return programs.Find(name) is null || programs.Read(name, arguments) is not { Length: > 0 } text ? null : text;
        }
        catch (QuickException)
        {
            return null;
        }
    }
}
