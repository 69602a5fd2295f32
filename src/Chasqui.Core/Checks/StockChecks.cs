using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Core.Checks;

/// <summary>What stock refuses, and what it takes otherwise than it is written.</summary>
internal static class StockChecks
{
    private static ReadOnlySpan<byte> UnrecognizedLine => "Line unrecognized"u8;

    private static ReadOnlySpan<byte> MissingKey => "A peer is missing"u8;

    internal static void Run(CheckedConf conf)
    {
        foreach (ConfigException mistake in conf.Mistakes)
        {
            (string problem, string? remedy) = Split(mistake.Reason);
            conf.AddAt(mistake.Line, CheckSeverity.Error, RuleOf(mistake), Spelling(mistake.Key), problem, remedy);
        }

        foreach (ConfigWarning warning in conf.Conf.Warnings)
        {
            // Stock says something about host bits, and nothing about ports.
            bool isPort = warning.StockOutput.IsEmpty;
            (string problem, string? remedy) = Split(warning.Reason);
            conf.AddAt(
                warning.Line,
                isPort ? CheckSeverity.Error : CheckSeverity.Warning,
                isPort ? CheckRule.PortTooLarge : CheckRule.HostBits,
                warning.Key,
                problem,
                remedy);
        }
    }

    private static CheckRule RuleOf(ConfigException mistake)
    {
        ReadOnlySpan<byte> stock = mistake.StockOutput.Span;
        bool isEndpoint = stock.StartsWith(Encoding.UTF8.GetBytes(EndpointChecks.NoService)) || stock.StartsWith(Encoding.UTF8.GetBytes(EndpointChecks.NoName));
        return isEndpoint ? CheckRule.BadEndpoint
            : stock.StartsWith(UnrecognizedLine) ? CheckRule.UnknownLine
            : stock.StartsWith(MissingKey) ? CheckRule.MissingPublicKey
            : mistake.Key is ConfKeys.PrivateKey or ConfKeys.PublicKey or ConfKeys.PresharedKey ? CheckRule.BadKey
            : CheckRule.BadValue;
    }

    /// <summary>A key that stock does not know, as somebody wrote it: it may be a word of a line that is none of ours.</summary>
    private static string? Spelling(string? key) => key is null ? null : ConfText.Clean(key);

    /// <summary>A sentence of a reader in two: what is wrong, and what to do.</summary>
    private static (string Problem, string? Remedy) Split(string reason)
    {
        string sentence = reason.EndsWith('.') ? reason[..^1] : reason;
        int end = sentence.LastIndexOf("; ", StringComparison.Ordinal);
        return end < 0 ? (sentence, null) : (sentence[..end], sentence[(end + 2)..]);
    }
}
