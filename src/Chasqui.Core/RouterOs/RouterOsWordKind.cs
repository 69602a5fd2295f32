namespace Chasqui.Core.RouterOs;

/// <summary>What a word of a command, or the value of a property, is.</summary>
internal enum RouterOsWordKind
{
    /// <summary>A text, in quotes or not.</summary>
    Text,

    /// <summary>Something to compute: in brackets, or with a variable. Kept as it is written.</summary>
    Expression,

    /// <summary>A property that is taken away: <c>!name</c>.</summary>
    Unset,
}
