namespace Chasqui.Control;

/// <summary>The words and limits of our own control protocol. Source: docs/control.md.</summary>
internal static class ControlProtocol
{
    /// <summary>Goes up when a client of the version before would misunderstand an answer.</summary>
    internal const int Version = 1;

    /// <summary>The longest request in bytes, its line feed not counted.</summary>
    internal const int MaxRequestLength = 4 * 1024 * 1024;

    /// <summary>The longest line of an answer that a client takes: one peer may have very many allowed addresses.</summary>
    internal const int MaxAnswerLength = 256 * 1024 * 1024;

    /// <summary>Where the sockets are.</summary>
    internal const string SocketDirectory = "/var/run/chasqui";

    /// <summary>Whose members may connect, if there is such a group.</summary>
    internal const string Group = "chasqui";

    internal const string Hello = "hello";
    internal const string Status = "status";
    internal const string Events = "events";
    internal const string Set = "set";

    // Types of answers, beside the verbs' own names.
    internal const string Peer = "peer";
    internal const string Event = "event";
    internal const string Lost = "lost";
    internal const string End = "end";
    internal const string Following = "following";
    internal const string Done = "done";
    internal const string Error = "error";

    // Codes of errors.
    internal const string TooLong = "tooLong";
    internal const string NotJson = "notJson";
    internal const string UnknownVerb = "unknownVerb";
    internal const string UnknownMember = "unknownMember";
    internal const string BadValue = "badValue";
    internal const string Secret = "secret";
    internal const string Refused = "refused";
}
