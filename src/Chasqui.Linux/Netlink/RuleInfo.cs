namespace Chasqui.Linux.Netlink;

/// <summary>A rule of policy routing as the kernel described it, or one to add or to delete. Source: ip-rule(8).</summary>
public readonly record struct RuleInfo
{
    /// <summary>Makes a rule that looks into a table for every packet.</summary>
    public RuleInfo()
    {
    }

    /// <summary>Whether it is one of IPv6.</summary>
    public bool IsV6 { get; init; }

    /// <summary>Its place, lowest first; 0 when it is added lets the kernel put it before all but the first.</summary>
    public uint Priority { get; init; }

    /// <summary>The table that it looks into.</summary>
    public uint Table { get; init; }

    /// <summary>The mark of the packets that it is for; 0 for any.</summary>
    public uint Mark { get; init; }

    /// <summary>Whether it is for the packets that its selectors do not name.</summary>
    public bool IsInverted { get; init; }

    /// <summary>Whether it looks into a table; others forbid, or jump.</summary>
    public bool IsLookup { get; init; } = true;

    /// <summary>Whether it is for packets from any address.</summary>
    public bool IsFromAll { get; init; } = true;

    /// <summary>What it found is dropped if its prefix has this length or less; null keeps everything.</summary>
    public int? SuppressPrefixLength { get; init; }

    /// <summary>In the words of ip-rule(8), such as <c>not fwmark 51820 table 51820</c>.</summary>
    public override string ToString() =>
        (IsInverted ? "not " : "")
        + (Mark == 0 ? "" : $"fwmark {Mark} ")
        + (Table == RouteInfo.MainTable ? "table main" : $"table {Table}")
        + (SuppressPrefixLength is { } length ? $" suppress_prefixlength {length}" : "");
}
