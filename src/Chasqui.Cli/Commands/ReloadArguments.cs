using System.Globalization;

namespace Chasqui.Cli.Commands;

/// <summary>The arguments of <c>reload</c>.</summary>
/// <param name="File">An interface, or a file.</param>
/// <param name="IsDryRun">Whether nothing is changed.</param>
/// <param name="Confirm">For how long to wait to be confirmed; null for not at all.</param>
internal readonly record struct ReloadArguments(string File, bool IsDryRun, TimeSpan? Confirm)
{
    /// <summary>Reads the arguments, in any order.</summary>
    /// <param name="words">The words after the command.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="arguments">What they say.</param>
    /// <param name="mistake">What is wrong with them: the beginning of a sentence.</param>
    internal static bool TryParse(IReadOnlyList<string> words, TimeSpan longest, out ReloadArguments arguments, out string mistake)
    {
        arguments = new ReloadArguments("", false, null);
        for (int i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--dry-run":
                    arguments = arguments with { IsDryRun = true };
                    break;
                case "--confirm" when i + 1 < words.Count && TryParseSeconds(words[i + 1], longest, out TimeSpan time):
                    arguments = arguments with { Confirm = time };
                    i++;
                    break;
                case "--confirm":
                    string given = i + 1 < words.Count ? $"`{words[i + 1]}'" : "nothing";
                    mistake = string.Create(CultureInfo.InvariantCulture, $"--confirm takes 1 to {longest.TotalSeconds} seconds, not {given}");
                    return false;
                case ['-', ..]:
                    mistake = $"`{words[i]}' is no option of reload";
                    return false;
                case var word when arguments.File.Length > 0 || word.Length == 0:
                    mistake = $"`{word}' is too much: reload takes one interface or file";
                    return false;
                case var word:
                    arguments = arguments with { File = word };
                    break;
            }
        }

        mistake = "reload takes one interface or file";
        return arguments.File.Length > 0;
    }

    private static bool TryParseSeconds(string text, TimeSpan longest, out TimeSpan time)
    {
        bool isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds) && seconds > 0;
        time = TimeSpan.FromSeconds(seconds);
        return isNumber && time <= longest;
    }
}
