namespace Chasqui.Cli.Commands.Wg;

/// <summary>How <c>wg show</c> shows.</summary>
/// <param name="IsColoured">Whether words are coloured.</param>
/// <param name="ShowsKeys">Whether secret keys are shown where people read, instead of <c>(hidden)</c>.</param>
/// <param name="UnixNow">Wall time in seconds since 1970.</param>
internal sealed record ShowOptions(bool IsColoured, bool ShowsKeys, long UnixNow)
{
    /// <summary>What the environment asks for: <c>WG_COLOR_MODE</c> and <c>WG_HIDE_KEYS</c>. Source: wg(8).</summary>
    internal static ShowOptions FromEnvironment(Terminal terminal)
    {
        bool isColoured = Environment.GetEnvironmentVariable("WG_COLOR_MODE") switch
        {
            "always" => true,
            "never" => false,
            _ => terminal.IsOutputTerminal,
        };
        bool showsKeys = Environment.GetEnvironmentVariable("WG_HIDE_KEYS") == "never";
        return new ShowOptions(isColoured, showsKeys, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }
}
