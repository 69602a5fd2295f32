namespace Chasqui.Cli.Commands.Wg;

/// <summary>Text with colours, or without where they are not wanted. Source: wireguard-tools terminal.h (ECMA-48, SGR).</summary>
internal readonly struct StyledText(WgText text, bool isColoured)
{
    /// <summary>Where the words go.</summary>
    internal WgText Text => text;

    /// <summary>Begins a style.</summary>
    internal void Begin(Style style)
    {
        Code(style, Style.Red, "\e[31m"u8);
        Code(style, Style.Green, "\e[32m"u8);
        Code(style, Style.Yellow, "\e[33m"u8);
        Code(style, Style.Cyan, "\e[36m"u8);
        Code(style, Style.Bold, "\e[1m"u8);
    }

    /// <summary>Ends all styles.</summary>
    internal void End() => text.Append(isColoured ? "\e[0m"u8 : default);

    /// <summary>Appends words in a style.</summary>
    internal StyledText Append(Style style, ReadOnlySpan<byte> words)
    {
        Begin(style);
        text.Append(words);
        End();
        return this;
    }

    private void Code(Style style, Style one, ReadOnlySpan<byte> code) =>
        text.Append(isColoured && (style & one) != 0 ? code : default);
}
