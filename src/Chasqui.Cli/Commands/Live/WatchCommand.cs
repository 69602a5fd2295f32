using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands.Live;

/// <summary><c>watch</c>: running interfaces and their peers, live; line by line where there is no terminal.</summary>
internal sealed class WatchCommand(Func<IReadOnlyList<string>> list, Func<string, TunnelStatus> read)
{
    private const string Interval = "--interval";
    private const string Count = "--count";
    private const string Plain = "--plain";
    private const string Enter = "\e[?1049h\e[?25l", Leave = "\e[?25h\e[?1049l";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100), Longest = TimeSpan.FromHours(1);

    private static readonly Options Declared = new(
        "watch", ["[IFNAME]"],
        new Option(Interval, "SECONDS", "How often to look: 0.1 to 3600; 1 unless given") { Short = "-n" },
        new Option(Count, "N", "End after N times") { Short = "-c" },
        new Option(Plain, null, "Lines instead of a full screen, as without a terminal"))
    {
        About = """
            Peers with state, rates, round trip and loss, and what happened last. The state is the age of the session's handshake ("up 12s"), how many
            initiations in a row were not answered ("no answer 3"), or since when there is no session ("idle 5m10s"). The round trip is that of
            the last handshake; loss is what is missing among the counters of the session in use.

              Keys: q quit, up and down (or k, j) choose a peer, s order, p pause, Tab next interface
            """,
    };

    /// <summary>Runs the command on the machine's own interfaces.</summary>
    internal static int Run(Invocation invocation) => new WatchCommand(StatusSource.List, StatusSource.Read).Execute(invocation);

    /// <summary>Runs the command.</summary>
    internal int Execute(Invocation invocation) => Declared.Run(invocation, values =>
    {
        TimeSpan interval = values.Read(Interval, ReadInterval) is { Ticks: > 0 } given ? given : TimeSpan.FromSeconds(1);
        int count = values.Read(Count, ReadCount) is > 0 and int times ? times : int.MaxValue;
        IReadOnlyList<string> names = values.Words.Count > 0 ? values.Words : list();
        if (names.Count == 0)
        {
            return invocation.Fail($"no interface runs here; begin with `{invocation.Program} up IFNAME'");
        }

        List<WatchSubject> subjects = [.. names.Select(static name => new WatchSubject(name, new PeerTitles(PeerNames.Of(name))))];
        subjects[0].Update(read);
        if (subjects[0].Failure is { } failure)
        {
            return invocation.Fail(Environment.IsPrivilegedProcess ? failure : $"{failure}; {StatusSource.WhoMay}.");
        }

        using RawTerminal? terminal = values.Has(Plain) || !invocation.Terminal.IsOutputTerminal ? null : RawTerminal.TryOpen();
        if (terminal is null)
        {
            new WatchLines(subjects, read, invocation.Terminal.PlainOutput).Write(interval, count);
        }
        else
        {
            Watch(subjects, terminal, invocation.Terminal, interval, count);
        }

        return Invocation.Success;
    });

    private static TimeSpan ReadInterval(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
        && seconds >= Shortest.TotalSeconds && seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new ConfigException($"{ConfigException.Quote(text)} is no interval; give seconds from {Shortest.TotalSeconds.ToString(CultureInfo.InvariantCulture)} to {Longest.TotalSeconds}.");

    private static int ReadCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
        ? count
        : throw new ConfigException($"{ConfigException.Quote(text)} is no number of times; give 1 or more.");

    private void Watch(List<WatchSubject> subjects, RawTerminal keyboard, Terminal terminal, TimeSpan interval, int count)
    {
        using var wake = new EventFd();
        bool isEnded = false;
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        using PosixSignalRegistration resize = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => wake.Set());
        terminal.WriteOutput(Encoding.ASCII.GetBytes(Enter));
        try
        {
            WatchUntil(() => Volatile.Read(ref isEnded), subjects, keyboard, terminal, wake, interval, count);
        }
        finally
        {
            terminal.WriteOutput(Encoding.ASCII.GetBytes(Leave));
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            Volatile.Write(ref isEnded, true);
            wake.Set();
        }
    }

    private void WatchUntil(
        Func<bool> isEnded, List<WatchSubject> subjects, RawTerminal keyboard, Terminal terminal, EventFd wake, TimeSpan interval, int count)
    {
        var view = new WatchView();
        Span<byte> keys = stackalloc byte[64];
        int shown = 0, done = 1;
        using var poller = new Poller(2);
        int typed = poller.Add(keyboard.Descriptor, PollEvents.Read), woken = poller.Add(wake.Descriptor, PollEvents.Read);
        Instant next = Now() + interval;
        while (!view.IsOver && !isEnded() && done < count)
        {
            Show(subjects[shown], view, keyboard, terminal);
            _ = poller.Wait((int)Math.Max(0, Math.Ceiling((next - Now()).TotalMilliseconds)));
            _ = poller.Ready(woken) != 0 && wake.Clear();
            if (poller.Ready(typed) != 0)
            {
                int length = keyboard.Read(keys);
                if (length == 0)
                {
                    return; // the terminal is gone
                }

                view.Type(keys[..length]);
                shown = (shown + view.TakeSteps()) % subjects.Count;
            }

            if (Now() < next)
            {
                continue;
            }

            next = Now() + interval;
            if (!view.IsPaused)
            {
                subjects.ForEach(subject => subject.Update(read));
                done++;
            }
        }
    }

    private static Instant Now() => new(BootClock.Now());

    private static void Show(WatchSubject subject, WatchView view, RawTerminal keyboard, Terminal terminal)
    {
        keyboard.Measure(out int rows, out int columns);
        var text = new StringBuilder("\e[H");
        IReadOnlyList<ScreenLine> lines = new WatchScreen(rows, columns, IsUnicode()).Draw(subject, view);
        for (int i = 0; i < lines.Count; i++)
        {
            string style = lines[i].Style switch
            {
                LineStyle.Heading => "\e[1m",
                LineStyle.Selected => "\e[7m",
                LineStyle.Trouble => "\e[31m",
                _ => "",
            };
            text.Append(style).Append(lines[i].Text).Append("\e[0m").Append(i < lines.Count - 1 ? "\r\n" : "\e[J");
        }

        terminal.WriteOutput(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static bool IsUnicode()
    {
        foreach (string variable in (ReadOnlySpan<string>)["LC_ALL", "LC_CTYPE", "LANG"])
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } locale)
            {
                return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }
}
