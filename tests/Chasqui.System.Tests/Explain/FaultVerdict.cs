using Chasqui.Core.Explain;

namespace Chasqui.System.Tests.Explain;

/// <summary>What one end said first: the interface's problem, else the peer's, else a notice, else that all is well.</summary>
/// <param name="Code">The finding's code; null if there is none.</param>
/// <param name="Sentence">The sentence.</param>
/// <param name="Report">All of it.</param>
internal sealed record FaultVerdict(ExplainCode? Code, string Sentence, ExplainReport Report)
{
    public static FaultVerdict Of(ExplainReport report)
    {
        IEnumerable<ExplainFinding> all = [.. report.Findings, .. report.Peers.SelectMany(peer => peer.Findings)];
        ExplainFinding? first = all.FirstOrDefault(finding => finding.Severity == ExplainSeverity.Problem) ?? all.FirstOrDefault();
        return first is null
            ? new FaultVerdict(null, report.Peers.Count > 0 ? report.Peers[0].Verdict : "", report)
            : new FaultVerdict(first.Code, first.Verdict.Replace(report.InterfaceName, FaultHost.Interface, StringComparison.Ordinal), report);
    }

    public string? FindWrong(string end, ExplainCode? wanted) =>
        Code == wanted ? null : $"{end} should say {wanted?.ToString() ?? "nothing"}, and says {Code?.ToString() ?? "nothing"}: {this}";

    public override string ToString()
    {
        IEnumerable<ExplainFinding> all = [.. Report.Findings, .. Report.Peers.SelectMany(peer => peer.Findings)];
        return $"{Report.State}: {string.Join(" | ", all.Select(finding => $"[{finding.Severity} {finding.Code}] {finding.Verdict}").DefaultIfEmpty(Sentence))}";
    }
}
