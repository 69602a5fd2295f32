using System.Text.Json;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;

namespace Chasqui.Control;

/// <summary>Reads what a daemon answers on its own control socket. What is not known is passed over, as a newer daemon may say it.</summary>
/// <remarks>Threads: one. Errors: <see cref="ControlException"/>, and what the stream throws.</remarks>
internal sealed class AnswerReader(Stream stream)
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 8 };

    private readonly LineReader _lines = new(stream, ControlProtocol.MaxAnswerLength);

    /// <summary>Whether a line has come that was not asked for yet.</summary>
    internal bool HasLine => _lines.HasLine;

    /// <summary>Reads what there is, without taking a line.</summary>
    /// <returns><see langword="false"/> at the end.</returns>
    internal bool Fill() => _lines.Read();

    /// <summary>Reads a device's line and its peers'.</summary>
    internal TunnelStatus ReadStatus()
    {
        List<PeerStatus> peers = [];
        int peerCount = 0;
        TunnelStatus status = ReadLine(ControlProtocol.Status, members => StatusJson.ReadDevice(members, peers, out peerCount));
        while (peers.Count < peerCount)
        {
            peers.Add(ReadLine(ControlProtocol.Peer, StatusJson.ReadPeer));
        }

        return status;
    }

    /// <summary>Reads the answer to a change.</summary>
    internal void ReadDone() => _ = ReadLine(ControlProtocol.Done, static members => members);

    /// <summary>Reads a line of an event stream.</summary>
    /// <param name="found">The event, if it was one that we know; with <see cref="FollowedEvent.Lost"/> alone, if events were lost.</param>
    /// <returns>The line's type.</returns>
    internal string ReadEvent(out FollowedEvent found)
    {
        FollowedEvent read = default;
        string type = "";
        _ = ReadLine(null, members =>
        {
            type = members.Text("type") ?? "";
            if (type == ControlProtocol.Event && EventJson.TryRead(members, out TunnelEvent told))
            {
                read = new FollowedEvent(members.Integer("number") ?? 0, members.WallTime("time"), 0, told);
            }
            else if (type == ControlProtocol.Event)
            {
                type = ""; // of a kind that only a newer daemon knows
            }
            else if (type == ControlProtocol.Lost)
            {
                read = read with { Lost = members.Integer("count") ?? 0 };
            }

            return members;
        });
        found = read;
        return type;
    }

    /// <summary>Reads one line.</summary>
    /// <param name="type">What it must be; null for anything but an error.</param>
    /// <param name="read">Takes its members.</param>
    private T ReadLine<T>(string? type, Func<MemberReader, T> read)
    {
        if (!_lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            throw NoAnswer(_lines.IsTooLong ? "a line of its answer is too long" : "it closed the connection instead of answering");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line, Limits);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw NoAnswer("a line of its answer is no JSON object");
            }

            var members = new MemberReader(document.RootElement);
            CheckType(members, type);
            T value = read(members);
            return members.Complaint is { } complaint ? throw NoAnswer($"in its answer {complaint}") : value;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the framework says of a text with half a surrogate pair.
            throw NoAnswer("a line of its answer is no JSON object");
        }
    }

    private static void CheckType(MemberReader members, string? type)
    {
        string? found = members.Text("type");
        if (found == ControlProtocol.Error)
        {
            int errno = (int)(members.Integer("errno", 0, int.MaxValue) ?? 0);
            throw new ControlException(members.Text("code") ?? "", members.Text("message") ?? "it does not say why", errno);
        }

        if (type is not null && found != type)
        {
            throw NoAnswer($"\"type\" is not \"{type}\" in its answer");
        }
    }

    private static ControlException NoAnswer(string reason) => new("", $"the daemon does not speak the control protocol: {reason}", 0);
}
