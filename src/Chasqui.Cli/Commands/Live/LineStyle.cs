namespace Chasqui.Cli.Commands.Live;

/// <summary>How a line of a full screen is shown.</summary>
internal enum LineStyle
{
    /// <summary>As any text.</summary>
    Plain,

    /// <summary>A title.</summary>
    Heading,

    /// <summary>The one that was chosen.</summary>
    Selected,

    /// <summary>Something is wrong.</summary>
    Trouble,
}
