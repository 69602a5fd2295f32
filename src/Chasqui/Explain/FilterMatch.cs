namespace Chasqui.Explain;

/// <summary>Whether a rule is for a packet, as far as can be read.</summary>
internal enum FilterMatch
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>It may be: that depends on what is not known of the packet, or of the rule.</summary>
    Perhaps,

    /// <summary>It is.</summary>
    Yes,
}
