using Chasqui.Core.Config;

namespace Chasqui.Core.Scripts;

/// <summary>Words of a shell command.</summary>
internal static class ShellText
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,@%+-";

    /// <summary>A text as one word that no POSIX shell takes for anything else.</summary>
    /// <exception cref="ConfigException">It has a control character, which a terminal would take for itself.</exception>
    internal static string Quote(string text)
    {
        if (!ConfText.IsOneLine(text))
        {
            throw new ConfigException($"{ConfText.Quote(text)} has a line end or another control character; leave it out.");
        }

        return text.Length > 0 && text[0] != '-' && text.All(static c => Plain.Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
