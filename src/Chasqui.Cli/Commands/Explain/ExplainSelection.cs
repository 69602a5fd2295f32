using Chasqui.Core.Config;
using Chasqui.Core.Explain;

namespace Chasqui.Cli.Commands.Explain;

/// <summary>One peer of a report.</summary>
internal static class ExplainSelection
{
    /// <summary>The report with one peer, by its name or the beginning of its public key.</summary>
    /// <exception cref="ConfigException">There is no such peer, or more than one.</exception>
    internal static ExplainReport Of(ExplainReport report, string text)
    {
        PeerExplanation[] found = [.. report.Peers.Where(peer => peer.Name == text)];
        if (found.Length == 0)
        {
            found = [.. report.Peers.Where(peer => peer.PublicKey.ToString().StartsWith(text, StringComparison.Ordinal))];
        }

        return found switch
        {
            [var one] => report.Only(one.PublicKey),
            [] => throw new ConfigException($"{report.InterfaceName} has no peer {ConfigException.QuoteNameOrKey(text)}; it has {List(report.Peers)}."),
            _ => throw new ConfigException($"{ConfigException.QuoteNameOrKey(text)} could be {List(found)}; give more of the key."),
        };
    }

    private static string List(IReadOnlyList<PeerExplanation> peers) => peers.Count == 0 ? "none"
        : string.Join(", ", peers.Take(5).Select(static peer => peer.Name)) + (peers.Count > 5 ? ", …" : "");
}
