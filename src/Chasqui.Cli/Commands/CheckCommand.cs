using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Core.Checks;
using Chasqui.Core.Config;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands;

/// <summary><c>check</c>: finds what is wrong in configuration files.</summary>
internal static class CheckCommand
{
    private const int DocumentVersion = 1;

    private const string Help = """
        Usage: chasqui check [--strict] [--json] [FILE.conf|IFNAME ...]

        Tells all that is wrong in files, each with file, line, key and remedy, and changes nothing. A name means the file that `up' takes;
        without any, all of /etc/wireguard are checked. Files that are each other's ends are checked against each other:

          chasqui check wg0
          chasqui check server/wg0.conf phone/wg0.conf

          --strict    warnings count as errors
          --json      one JSON document; see docs/json.md

        Exit code 0 if there are no errors, else 1. All findings are in docs/check.md.
        """;

    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs the command.</summary>
    internal static int Run(Invocation invocation)
    {
        bool isStrict = false, isJson = false;
        List<string> names = [];
        foreach (string argument in invocation.Arguments)
        {
            switch (argument)
            {
                case "--help" or "-h":
                    invocation.Terminal.Output.WriteLine(Help);
                    return Invocation.Success;
                case "--strict":
                    isStrict = true;
                    break;
                case "--json":
                    isJson = true;
                    break;
                case ['-', ..]:
                    return invocation.Fail($"`{argument}' is no option of check; there are --strict, --json and --help.");
                default:
                    names.Add(argument);
                    break;
            }
        }

        IReadOnlyList<string> files = names.Count > 0 ? names : QuickCheck.FindAll();
        return files.Count > 0
            ? Run(invocation, files, isStrict, isJson)
            : invocation.Fail($"there is no file in {QuickConfName.Directory}; name one: {invocation.Program} check FILE.conf");
    }

    private static int Run(Invocation invocation, IReadOnlyList<string> files, bool isStrict, bool isJson)
    {
        List<CheckSubject> subjects = [];
        foreach (string path in files.Distinct(StringComparer.Ordinal))
        {
            subjects.Add(QuickCheck.Load(path));
        }

        IReadOnlyList<CheckFinding> findings = ConfCheck.Run(subjects);
        int errors = findings.Count(static finding => finding.Severity == CheckSeverity.Error), warnings = findings.Count - errors;
        if (isJson)
        {
            invocation.Terminal.WriteOutput(ToJson(subjects, findings, errors));
        }
        else
        {
            foreach (CheckFinding finding in findings)
            {
                invocation.Terminal.PlainOutput.WriteLine(finding.ToString());
            }

            invocation.Terminal.Output.WriteLine($"{Count(subjects.Count, "file")}: {Count(errors, "error")}, {Count(warnings, "warning")}.");
        }

        return errors == 0 && (warnings == 0 || !isStrict) ? Invocation.Success : Invocation.Failure;
    }

    private static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    private static ReadOnlySpan<byte> ToJson(List<CheckSubject> subjects, IReadOnlyList<CheckFinding> findings, int errors)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Layout))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", DocumentVersion);
            writer.WriteStartArray("files");
            foreach (CheckSubject subject in subjects)
            {
                writer.WriteStringValue(subject.File);
            }

            writer.WriteEndArray();
            writer.WriteNumber("errors", errors);
            writer.WriteNumber("warnings", findings.Count - errors);
            writer.WriteStartArray("findings");
            foreach (CheckFinding finding in findings)
            {
                Write(writer, finding);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter writer, CheckFinding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("file", finding.File);
        writer.WriteNumber("line", finding.Line);
        writer.WriteString("severity", finding.Severity == CheckSeverity.Error ? "error" : "warning");
        writer.WriteString("rule", JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Rule.ToString()));
        WriteOptional(writer, "section", finding.Section);
        WriteOptional(writer, "key", finding.Key);
        writer.WriteString("problem", finding.Problem);
        WriteOptional(writer, "remedy", finding.Remedy);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
