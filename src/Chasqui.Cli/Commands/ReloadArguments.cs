using System.Globalization;
using Chasqui.Core.Config;

namespace Chasqui.Cli.Commands;

/// <summary>The arguments of <c>reload</c>.</summary>
/// <param name="File">An interface, or a file.</param>
/// <param name="IsDryRun">Whether nothing is changed.</param>
/// <param name="Confirm">For how long to wait to be confirmed; null for not at all.</param>
internal readonly record struct ReloadArguments(string File, bool IsDryRun, TimeSpan? Confirm)
{
    private const string DryRunOption = "--dry-run";
    private const string ConfirmOption = "--confirm";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>What the command takes.</summary>
    internal static Options Declared { get; } = new(
        "reload",
        ["IFNAME|FILE.conf"],
        new Option(DryRunOption, null, "Print the steps, as the commands that would do the same, and change nothing"),
        new Option(ConfirmOption, "SECONDS", "Take it back after 1 to 86400 seconds, unless `chasqui confirm' comes first"))
    {
        About = """
            Brings a running interface to what its file says: addresses, MTU, DNS, routes, rules, keys and peers. Peers that stay keep
            their sessions and counters. A step that fails undoes those before it. Commands of the file (PostUp ...) are not run.

              chasqui reload wg0 --dry-run
              chasqui reload wg0 --confirm 60
              chasqui confirm wg0
            """,
    };

    /// <summary>Reads what was given.</summary>
    /// <exception cref="ConfigException">The time is none.</exception>
    internal static ReloadArguments Read(OptionValues values) =>
        new(values.Words[0], values.Has(DryRunOption), values.Has(ConfirmOption) ? values.Read(ConfirmOption, ReadTime) : null);

    private static TimeSpan ReadTime(string text)
    {
        bool isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds) && seconds > 0;
        return isNumber && seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new ConfigException(string.Create(
                CultureInfo.InvariantCulture, $"{ConfigException.Quote(text)} is no time to wait; give seconds from 1 to {Longest.TotalSeconds}."));
    }
}
