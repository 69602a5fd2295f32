namespace Chasqui.Core.Config;

/// <summary>What a line that stock does not know looks like.</summary>
internal enum UnrecognizedLineKind
{
    /// <summary>Nothing that can be named.</summary>
    Other,

    /// <summary>A section's title.</summary>
    Section,

    /// <summary>A key with a value.</summary>
    Key,

    /// <summary>A key, '=' and nothing else.</summary>
    NoValue,
}
