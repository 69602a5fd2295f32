using System.Collections;
using System.Globalization;

namespace Chasqui.Cli.Commands.Daemon;

/// <summary>The environment that a daemon is started with, by its user or by itself.</summary>
internal static class DaemonVariables
{
    /// <summary>wireguard-go's: the TUN device that somebody opened.</summary>
    internal const string Tun = "WG_TUN_FD";

    /// <summary>wireguard-go's: the listening UAPI socket that somebody opened.</summary>
    internal const string Uapi = "WG_UAPI_FD";

    /// <summary>wireguard-go's: 1 for the foreground.</summary>
    internal const string Foreground = "WG_PROCESS_FOREGROUND";

    /// <summary>1 for a daemon that keeps all its privileges, to be looked into.</summary>
    internal const string Unhardened = "CHASQUI_UNHARDENED";

    // What a daemon tells itself when it starts itself again.
    internal const string ExtraQueues = "CHASQUI_EXTRA_QUEUES";
    internal const string Control = "CHASQUI_CONTROL_FD";
    internal const string Links = "CHASQUI_LINKS_FD";
    internal const string Errors = "CHASQUI_ERRORS_FDS";
    internal const string Ready = "CHASQUI_READY_FD";
    internal const string Stage = "CHASQUI_STAGE";

    /// <summary>The <see cref="Stage"/> of a process that was set up and confined by the one before.</summary>
    internal const string Confined = "confined";

    /// <summary>The <see cref="Stage"/> of a process that was set up by the one before, and has all its privileges.</summary>
    internal const string Unconfined = "unconfined";

    private static readonly string[] Own = [Tun, Uapi, Foreground, ExtraQueues, Control, Links, Errors, Ready, Stage];

    /// <summary>A variable's value; null if it is not set or empty.</summary>
    internal static string? Value(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>The descriptor that a variable names; null if it is not set or empty.</summary>
    /// <exception cref="IOException">It is no number.</exception>
    internal static int? Descriptor(string variable) => Value(variable) is { } value ? Number(variable, value) : null;

    /// <summary>The descriptors that a variable names, divided by commas.</summary>
    /// <exception cref="IOException">One of them is no number.</exception>
    internal static int[] Descriptors(string variable) =>
        Value(variable) is { } value ? [.. value.Split(',').Select(word => Number(variable, word))] : [];

    /// <summary>This process's environment without what concerns starting, as <c>NAME=value</c>.</summary>
    internal static List<string> WithoutOwn()
    {
        var environment = new List<string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (!Own.Contains(entry.Key))
            {
                environment.Add($"{entry.Key}={entry.Value}");
            }
        }

        return environment;
    }

    private static int Number(string variable, string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int fd)
            ? fd
            : throw new IOException($"{variable}=\"{Value(variable)}\" is not the number of a descriptor: set it to one that is open, or unset it");
}
