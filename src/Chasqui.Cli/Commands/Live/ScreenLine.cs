namespace Chasqui.Cli.Commands.Live;

/// <summary>One line of a full screen: printable text, no longer than the screen is wide.</summary>
internal readonly record struct ScreenLine(string Text, LineStyle Style);
