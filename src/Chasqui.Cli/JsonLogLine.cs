using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Chasqui.Cli;

/// <summary>A line of the log as a JSON object: time, level, sentence, and the members that the event has. Source: docs/control.md.</summary>
internal static class JsonLogLine
{
    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes a line, without its end.</summary>
    /// <param name="time">Wall time.</param>
    /// <param name="level">The level.</param>
    /// <param name="sentence">What is logged.</param>
    /// <param name="exception">The exception that belongs to it, or null.</param>
    /// <param name="state">Where members come from, if it has any by name.</param>
    internal static string Of(DateTimeOffset time, LogLevel level, string sentence, Exception? exception, object? state)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Layout))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("level", NameOf(level));
            json.WriteString("message", sentence);
            if (exception is not null)
            {
                json.WriteString("exception", exception.ToString());
            }

            WriteMembers(json, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        >= LogLevel.Error => "error",
        _ => "debug",
    };

    private static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> members)
    {
        foreach ((string name, object? value) in members)
        {
            string member = JsonNamingPolicy.CamelCase.ConvertName(name);
            if (name != Template && value is long number)
            {
                json.WriteNumber(member, number);
            }
            else if (name != Template)
            {
                json.WriteString(member, value?.ToString());
            }
        }
    }
}
