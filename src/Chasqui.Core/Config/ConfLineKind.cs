namespace Chasqui.Core.Config;

/// <summary>What a line of a configuration file is.</summary>
public enum ConfLineKind
{
    /// <summary>White space or nothing.</summary>
    Blank,

    /// <summary>A comment and nothing else.</summary>
    Comment,

    /// <summary>A section's title.</summary>
    Section,

    /// <summary>A key with a value.</summary>
    Entry,

    /// <summary>Anything else: kept, and refused by stock tools.</summary>
    Other,
}
