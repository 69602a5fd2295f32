namespace Chasqui.Cli;

/// <summary>How lines of the log are written.</summary>
internal enum LogFormat
{
    /// <summary>For people: the level, and the sentence.</summary>
    Text,

    /// <summary>For journald: its priority as of sd-daemon(3), and the sentence.</summary>
    Journal,

    /// <summary>For programs: a JSON object a line.</summary>
    Json,
}
