using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Linux.Processes;
using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.Cli.Commands;

/// <summary><c>reload</c>, <c>diff</c> and <c>confirm</c>: a running interface and its file.</summary>
/// <remarks>
/// With <c>--confirm</c> the calling process starts itself again, in a session of its own; that one does the work, tells it on the same
/// standard error, lets go of the terminal and waits. What it would roll back to, keys included, is in its memory only.
/// </remarks>
internal static class ReloadCommands
{
    /// <summary>Exit code of <c>diff</c> when it cannot tell. Source: diff(1).</summary>
    private const int Trouble = 2;

    private const int FirstInheritedDescriptor = 3;
    private const string WatchVariable = "CHASQUI_RELOAD_FD";
    private const string UndoOption = "--undo";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly Options DiffOptions = new("diff", ["IFNAME|FILE.conf"])
    {
        About = """
            Prints what runs, marked -, beside what the file says instead, marked +; nothing if they are the same. Secret keys are never
            shown. Exit code 0 if nothing differs, 1 if something does, 2 if it cannot tell.
            """,
        FailureCode = Trouble,
    };

    private static readonly Options ConfirmOptions = new(
        "confirm", ["IFNAME|FILE.conf"], new Option(UndoOption, null, "Take it back at once, instead of when its time is over"))
    {
        About = "Keeps what `chasqui reload --confirm' did, which is taken back otherwise.",
    };

    /// <summary><c>chasqui reload</c>.</summary>
    internal static int Reload(Invocation invocation) => ReloadArguments.Declared.Run(invocation, values =>
    {
        ReloadArguments arguments = ReloadArguments.Read(values);
        return Guarded(invocation, "reload", arguments.File, Invocation.Failure, () => Reload(invocation, arguments));
    });

    /// <summary><c>chasqui diff</c>.</summary>
    internal static int Diff(Invocation invocation) => DiffOptions.Run(invocation, values =>
        Guarded(invocation, "diff", values.Words[0], Trouble, () =>
        {
            QuickFile file = Load(invocation, values.Words[0]);
            QuickOptions options = QuickCommands.Options(invocation.Terminal.Error, CancellationToken.None);
            return QuickDiff.Write(file, options, invocation.Terminal.PlainOutput) ? Invocation.Success : Invocation.Failure;
        }));

    /// <summary><c>chasqui confirm</c>.</summary>
    internal static int Confirm(Invocation invocation) => ConfirmOptions.Run(invocation, values =>
    {
        string argument = values.Words[0];
        bool isRefused = values.Has(UndoOption);
        return Guarded(invocation, "confirm", argument, Invocation.Failure, () =>
        {
            if (!QuickConfName.TryGetInterface(QuickConfName.PathOf(argument), out string? name))
            {
                return invocation.Fail($"`{argument}' names no interface");
            }

            ConfirmListener.Answer(name, isRefused, QuickCommands.Options(invocation.Terminal.Error, CancellationToken.None));
            invocation.Terminal.Error.WriteLine(isRefused ? $"`{name}': being rolled back" : $"`{name}': confirmed");
            return Invocation.Success;
        });
    });

    private static int Guarded(Invocation invocation, string verb, string argument, int failure, Func<int> run)
    {
        try
        {
            if (!Environment.IsPrivilegedProcess)
            {
                throw new QuickException($"must be run as root: sudo {invocation.Program} {verb} {argument}");
            }

            return run();
        }
        catch (Exception exception) when (exception is ConfigException or IOException or UnauthorizedAccessException)
        {
            _ = invocation.Fail(exception.Message);
            return failure;
        }
    }

    private static QuickFile Load(Invocation invocation, string argument)
    {
        QuickFile file = QuickFile.Load(argument);
        foreach (string warning in file.Warnings)
        {
            invocation.Terminal.Error.WriteLine(warning);
        }

        return file;
    }

    private static int Reload(Invocation invocation, ReloadArguments arguments)
    {
        if (arguments.Confirm is { } time && !arguments.IsDryRun)
        {
            return Environment.GetEnvironmentVariable(WatchVariable) is { Length: > 0 } fd
                ? Watch(invocation, arguments.File, time, FileDescriptorOf(fd))
                : StartWatch(invocation, arguments.File);
        }

        QuickFile file = Load(invocation, arguments.File);
        using var interruption = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);
        QuickOptions options = QuickCommands.Options(invocation.Terminal.Error, interruption.Token);
        if (!arguments.IsDryRun)
        {
            ConfirmListener.RefuseIfPending(file, options);
        }

        using QuickReload reload = QuickReload.Prepare(file, options);
        reload.WriteNotices(invocation.Terminal.Error);
        if (reload.IsNothingToDo)
        {
            invocation.Terminal.Error.WriteLine(NothingToDo(file));
        }

        if (arguments.IsDryRun)
        {
            reload.WritePlan(invocation.Terminal.PlainOutput);
        }
        else
        {
            reload.Apply();
        }

        return Invocation.Success;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            interruption.Cancel();
        }
    }

    private static string NothingToDo(QuickFile file) => $"`{file.InterfaceName}' is as {file.Path} says: nothing to do";

    /// <summary>Starts the process that does the work and waits, and waits itself until the work is done.</summary>
    private static int StartWatch(Invocation invocation, string file)
    {
        using var pipe = new ReadinessPipe();
        List<string> environment = [$"{WatchVariable}={FirstInheritedDescriptor}"];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{entry.Key}={entry.Value}");
        }

        string[] arguments = [invocation.Program, "reload", .. invocation.Arguments];
        _ = DetachedProcess.Start(
            Environment.ProcessPath!, arguments, environment, [new(FirstInheritedDescriptor, pipe.ChildEnd)], hasStandardStreams: true);
        ReadinessReport report = pipe.Wait(Patience);
        return report.Outcome switch
        {
            Readiness.Ready => Invocation.Success,
            Readiness.Failed => invocation.Fail(report.Message),
            _ => invocation.Fail($"the process that reloads `{file}' has not finished. `chasqui diff {file}' tells what runs"),
        };
    }

    private static Linux.FileDescriptor FileDescriptorOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int fd)
            ? Linux.FileDescriptor.Inherit(fd)
            : throw new QuickException($"{WatchVariable}=\"{text}\" is not the number of a descriptor: unset it");

    /// <summary>Does the work, says so, and waits to be confirmed.</summary>
    private static int Watch(Invocation invocation, string argument, TimeSpan time, Linux.FileDescriptor parent)
    {
        try
        {
            QuickFile file = Load(invocation, argument);
            QuickOptions options = QuickCommands.Options(invocation.Terminal.Error, CancellationToken.None);
            using ConfirmListener listener = ConfirmListener.Open(file, options);

            // Whoever ends this process, such as the end of a login session, has not confirmed: also while it is still at work.
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, listener));
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);
            using QuickReload reload = QuickReload.Prepare(file, options);
            reload.WriteNotices(invocation.Terminal.Error);
            if (reload.IsNothingToDo)
            {
                invocation.Terminal.Error.WriteLine(NothingToDo(file));
                ReadinessPipe.ReportReady(parent);
                return Invocation.Success;
            }

            reload.Apply();
            SayHowToConfirm(invocation, file, time);
            string? terminal = StandardStream.IsTerminal(StandardStream.Error)
                ? File.ResolveLinkTarget("/proc/self/fd/2", returnFinalTarget: false)?.FullName
                : null;
            StandardStream.Abandon();
            ReadinessPipe.ReportReady(parent);
            return Await(listener, reload, time, end => Tell(terminal, $"[!] {file.InterfaceName}: {end}"));
        }
        catch (Exception exception) when (exception is ConfigException or IOException or UnauthorizedAccessException)
        {
            ReadinessPipe.ReportFailure(parent, exception.Message);
            return Invocation.Failure;
        }
    }

    private static void End(PosixSignalContext context, ConfirmListener listener)
    {
        context.Cancel = true;
        listener.End();
    }

    private static void SayHowToConfirm(Invocation invocation, QuickFile file, TimeSpan time)
    {
        string seconds = time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        try
        {
            invocation.Terminal.Error.WriteLine(
                $"[!] Run `chasqui confirm {file.InterfaceName}' within {seconds} seconds to keep this. "
                + "Else what ran before comes back; the file stays");
        }
        catch (IOException)
        {
            // Nobody reads any more: nobody will confirm, and it is rolled back.
        }
    }

    /// <summary>Writes a line to the terminal that the reload was called from, if it is still there.</summary>
    private static void Tell(string? terminal, string line)
    {
        try
        {
            if (terminal is not null)
            {
                using FileStream stream = new(terminal, FileMode.Open, FileAccess.Write);
                stream.Write(Encoding.UTF8.GetBytes($"\r\n{line}\r\n"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // It has been closed.
        }
    }

    private static int Await(ConfirmListener listener, QuickReload reload, TimeSpan time, Action<string> tell)
    {
        ConfirmOutcome outcome = listener.Wait(time);
        if (outcome is ConfirmOutcome.Confirmed or ConfirmOutcome.Overtaken)
        {
            return Invocation.Success;
        }

        bool isWhole = reload.RollBack();
        tell(isWhole ? "not confirmed; what ran before is back" : "not confirmed, and not all of what ran before could be brought back");
        return isWhole ? Invocation.Success : Invocation.Failure;
    }
}
