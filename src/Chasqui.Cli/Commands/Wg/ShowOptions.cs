namespace Chasqui.Cli.Commands.Wg;

/// <summary>How <c>wg show</c> shows.</summary>
/// <param name="IsColoured">Whether words are coloured.</param>
/// <param name="ShowsKeys">Whether secret keys are shown where people read, instead of <c>(hidden)</c>.</param>
/// <param name="UnixNow">Wall time in seconds since 1970.</param>
internal sealed record ShowOptions(bool IsColoured, bool ShowsKeys, long UnixNow)
{
    /// <summary>Whether names of peers are shown beside their keys: to people only, since scripts expect what wg(8) writes.</summary>
    internal bool ShowsNames { get; init; }

    /// <summary>What the environment asks for: <c>WG_COLOR_MODE</c> and <c>WG_HIDE_KEYS</c>. Source: wg(8).</summary>
    internal static ShowOptions FromEnvironment(Invocation invocation)
    {
        bool isColoured = Environment.GetEnvironmentVariable("WG_COLOR_MODE") switch
        {
            "always" => true,
            "never" => false,
            _ => invocation.Terminal.IsOutputTerminal,
        };
        bool showsKeys = Environment.GetEnvironmentVariable("WG_HIDE_KEYS") == "never";
        return new ShowOptions(isColoured, showsKeys, DateTimeOffset.UtcNow.ToUnixTimeSeconds())
        {
            ShowsNames = !invocation.IsStock && invocation.Terminal.IsOutputTerminal,
        };
    }
}
