using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Core.Explain;

namespace Chasqui.Cli.Commands.Explain;

/// <summary><c>explain --json</c>. Source: docs/json.md.</summary>
internal static class ExplainJson
{
    private const int DocumentVersion = 1;

    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one document of all reports.</summary>
    internal static void Write(Terminal terminal, IReadOnlyList<ExplainReport> reports)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Layout))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", DocumentVersion);
            writer.WriteStartArray("interfaces");
            foreach (ExplainReport report in reports)
            {
                Write(writer, report);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        terminal.WriteOutput(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, ExplainReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("name", report.InterfaceName);
        writer.WriteString("state", Kebab(report.State.ToString()));
        writer.WriteBoolean("hasEvents", report.HasJournal);
        Write(writer, report.Findings);
        writer.WriteStartArray("peers");
        foreach (PeerExplanation peer in report.Peers)
        {
            writer.WriteStartObject();
            writer.WriteString("publicKey", peer.PublicKey.ToString());
            writer.WriteString("name", peer.Name);
            writer.WriteString("state", Kebab(peer.State.ToString()));
            writer.WriteString("verdict", peer.Verdict);
            Write(writer, peer.Findings);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<ExplainFinding> findings)
    {
        writer.WriteStartArray("findings");
        foreach (ExplainFinding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("code", Kebab(finding.Code.ToString()));
            writer.WriteString("severity", Kebab(finding.Severity.ToString()));
            writer.WriteString("verdict", finding.Verdict);
            writer.WriteStartArray("evidence");
            foreach (string line in finding.Evidence)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
            if (finding.NextStep is { } step)
            {
                writer.WriteString("nextStep", step);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
