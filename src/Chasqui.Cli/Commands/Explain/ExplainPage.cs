using Chasqui.Core.Explain;

namespace Chasqui.Cli.Commands.Explain;

/// <summary>A report for people: a line for each verdict, and below it what shows it and the next step.</summary>
internal static class ExplainPage
{
    /// <summary>Writes a report.</summary>
    internal static void Write(TextWriter output, ExplainReport report)
    {
        output.WriteLine($"{report.InterfaceName}: {Headline(report)}");
        foreach (ExplainFinding finding in report.Findings)
        {
            Write(output, finding, isVerdict: true);
        }

        foreach (PeerExplanation peer in report.Peers)
        {
            output.WriteLine($"\n{Word(peer.State)}: {peer.Verdict}");
            for (int i = 0; i < peer.Findings.Count; i++)
            {
                Write(output, peer.Findings[i], isVerdict: i > 0 || peer.State != ExplainState.Problem);
            }
        }

        if (!report.HasJournal)
        {
            output.WriteLine($"\nThe daemon of {report.InterfaceName} tells no more than any: reasons that only it knows are missing here.");
        }
    }

    private static string Headline(ExplainReport report) => report.State switch
    {
        ExplainState.Problem => "something is wrong",
        ExplainState.Healthy => "healthy",
        _ => "nothing to tell yet",
    };

    private static string Word(ExplainState state) => state switch
    {
        ExplainState.Problem => "PROBLEM",
        ExplainState.Healthy => "ok",
        _ => "?",
    };

    /// <param name="output">Where to.</param>
    /// <param name="finding">The finding.</param>
    /// <param name="isVerdict">Whether its sentence is not in the line above already.</param>
    private static void Write(TextWriter output, ExplainFinding finding, bool isVerdict)
    {
        if (isVerdict)
        {
            output.WriteLine($"  {(finding.Severity == ExplainSeverity.Problem ? "PROBLEM" : "note")}: {finding.Verdict}");
        }

        foreach (string line in finding.Evidence)
        {
            output.WriteLine($"    - {line}");
        }

        if (finding.NextStep is { } step)
        {
            output.WriteLine($"    -> {step}");
        }
    }
}
