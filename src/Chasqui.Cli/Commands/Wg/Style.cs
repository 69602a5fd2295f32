namespace Chasqui.Cli.Commands.Wg;

/// <summary>How <c>wg show</c> makes words stand out; the codes of several follow one another in this order.</summary>
[Flags]
internal enum Style
{
    /// <summary>As everything else.</summary>
    None = 0,

    /// <summary>Red.</summary>
    Red = 1,

    /// <summary>Green.</summary>
    Green = 2,

    /// <summary>Yellow.</summary>
    Yellow = 4,

    /// <summary>Cyan.</summary>
    Cyan = 8,

    /// <summary>Bold.</summary>
    Bold = 16,
}
