using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;

namespace Chasqui.Control;

/// <summary>Writes the answers of our own control socket, a JSON object a line. Source: docs/control.md.</summary>
/// <remarks>Threads: one. Lines are collected and handed on some 64 KiB at a time, or by <see cref="Flush"/>.</remarks>
/// <param name="stream">Where to; stays the caller's.</param>
internal sealed class AnswerWriter(Stream stream) : IDisposable
{
    private const int FlushLength = 64 * 1024;

    // Relaxed: the '+' of base64 stays a '+'. Nobody embeds this in a web page's script.
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, Layout);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>Hands on what was written.</summary>
    /// <exception cref="IOException">What the stream throws.</exception>
    internal void Flush()
    {
        if (_bytes.WrittenCount > 0)
        {
            stream.Write(_bytes.WrittenSpan);
            _bytes.ResetWrittenCount();
        }
    }

    /// <summary>Says what is spoken here, and about what.</summary>
    internal void WriteHello(string interfaceName, int processId)
    {
        Begin(ControlProtocol.Hello);
        _json.WriteNumber("protocol", ControlProtocol.Version);
        _json.WriteString("interface", interfaceName);
        _json.WriteNumber("processId", processId);
        WriteNames("verbs", [ControlProtocol.Hello, ControlProtocol.Status, ControlProtocol.Events, ControlProtocol.Set]);
        WriteNames("kinds", ControlNames.Kinds);
        WriteNames("reasons", ControlNames.Reasons);
        EndLine();
    }

    /// <summary>Writes the device's line and one for each peer.</summary>
    internal void WriteStatus(string interfaceName, TunnelStatus status, long nextEvent)
    {
        Begin(ControlProtocol.Status);
        _json.WriteNumber("protocol", ControlProtocol.Version);
        _json.WriteString("interface", interfaceName);
        StatusJson.WriteMembers(_json, status);
        _json.WriteNumber("nextEvent", nextEvent);
        EndLine();
        foreach (PeerStatus peer in status.Peers)
        {
            Begin(ControlProtocol.Peer);
            StatusJson.WriteMembers(_json, peer);
            EndLine();
        }
    }

    /// <summary>Writes an event of the stream.</summary>
    internal void WriteEvent(long number, in TunnelEvent told, in Moment now)
    {
        Begin(ControlProtocol.Event);
        _json.WriteNumber("number", number);
        EventJson.WriteMembers(_json, told, now);
        EndLine();
    }

    /// <summary>Says how many events were overwritten before they were read.</summary>
    internal void WriteLost(long count)
    {
        Begin(ControlProtocol.Lost);
        _json.WriteNumber("count", count);
        EndLine();
    }

    /// <summary>Says that all events so far have been told, and whether more will be.</summary>
    internal void WriteEnd(long next, bool isFollowing)
    {
        Begin(isFollowing ? ControlProtocol.Following : ControlProtocol.End);
        _json.WriteNumber("next", next);
        EndLine();
    }

    /// <summary>Says that a change was made.</summary>
    internal void WriteDone()
    {
        Begin(ControlProtocol.Done);
        EndLine();
    }

    /// <summary>Says why a request was not done.</summary>
    internal void WriteError(ControlFailure failure)
    {
        Begin(ControlProtocol.Error);
        _json.WriteString("code", failure.Code);
        _json.WriteString("message", failure.Sentence);
        if (failure.Errno != 0)
        {
            _json.WriteNumber("errno", failure.Errno);
        }

        EndLine();
    }

    private void Begin(string type)
    {
        _json.Reset(_bytes);
        _json.WriteStartObject();
        _json.WriteString("type", type);
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _bytes.Write("\n"u8);
        if (_bytes.WrittenCount >= FlushLength)
        {
            Flush();
        }
    }

    private void WriteNames(string name, IReadOnlyList<string> values)
    {
        _json.WriteStartArray(name);
        foreach (string value in values)
        {
            _json.WriteStringValue(value);
        }

        _json.WriteEndArray();
    }
}
