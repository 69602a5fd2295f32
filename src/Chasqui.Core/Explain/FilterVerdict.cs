namespace Chasqui.Core.Explain;

/// <summary>What a packet filter does to a packet, as far as its rules can be read.</summary>
public enum FilterVerdict
{
    /// <summary>The rules could not be read, or depend on what is not known.</summary>
    Unknown,

    /// <summary>It lets the packet pass.</summary>
    Accepts,

    /// <summary>It drops the packet, or refuses it.</summary>
    Drops,
}
