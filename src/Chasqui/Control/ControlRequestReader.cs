using System.Text.Json;
using System.Text.Unicode;
using Chasqui.Core.Config;

namespace Chasqui.Control;

/// <summary>Reads one line of a client of our own control socket, whoever that is.</summary>
internal static class ControlRequestReader
{
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Reads a request.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="interfaceIndex">Knows an interface's index by its name, for endpoints such as <c>[fe80::1%eth0]:51820</c>.</param>
    /// <returns>The request, or one whose <see cref="ControlRequest.Failure"/> says what is wrong with it.</returns>
    internal static ControlRequest Read(ReadOnlyMemory<byte> line, Func<string, uint?> interfaceIndex)
    {
        try
        {
            if (!Utf8.IsValid(line.Span))
            {
                return Fail(ControlProtocol.NotJson, "a request must be UTF-8");
            }

            using JsonDocument document = JsonDocument.Parse(line, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(new MemberReader(document.RootElement), interfaceIndex)
                : Fail(ControlProtocol.NotJson, "a request must be a JSON object on a line of its own");
        }
        catch (JsonException exception)
        {
            return Fail(ControlProtocol.NotJson, $"a request must be a JSON object on a line of its own; byte {exception.BytePositionInLine} cannot be there");
        }
        catch (InvalidOperationException)
        {
            return Fail(ControlProtocol.NotJson, "a text has half a surrogate pair");
        }
    }

    private static ControlRequest Read(MemberReader members, Func<string, uint?> interfaceIndex)
    {
        string? verb = members.Text("verb");
        long? protocol = members.Integer("protocol");
        if (protocol is not (null or ControlProtocol.Version))
        {
            return Fail(ControlProtocol.BadValue, $"\"protocol\" is {protocol}; this daemon speaks {ControlProtocol.Version}");
        }

        ControlRequest request = verb switch
        {
            ControlProtocol.Hello or ControlProtocol.Status => new ControlRequest { Verb = verb },
            ControlProtocol.Events => ReadEvents(members),
            ControlProtocol.Set => ChangeReader.Read(members, interfaceIndex),
            null => Fail(ControlProtocol.UnknownVerb, "\"verb\" is missing: hello, status, events or set"),
            _ => Fail(ControlProtocol.UnknownVerb, $"{ConfigException.Quote(verb)} is no verb: hello, status, events or set"),
        };

        // The first thing that is wrong is told: a member of another type before one that is not known.
        return members.Complaint is { } complaint ? Fail(ControlProtocol.BadValue, complaint)
            : request.Failure is null && members.FindUnknown() is { } unknown ? FailUnknown(unknown, verb!)
            : request;
    }

    private static ControlRequest ReadEvents(MemberReader members) => new()
    {
        Verb = ControlProtocol.Events,
        From = members.Integer("from", minimum: 0),
        IsFollowing = members.Flag("follow"),
    };

    private static ControlRequest FailUnknown(string name, string where) =>
        Fail(ControlProtocol.UnknownMember, $"{ConfigException.Quote(name)} is no member of \"{where}\"; see docs/control.md");

    private static ControlRequest Fail(string code, string sentence) => new() { Failure = new ControlFailure(code, sentence) };
}
