using System.Buffers;
using System.Text;
using Chasqui.Cli.Commands.Daemon;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Cli.Commands;

/// <summary><c>chasqui [-f] IFNAME</c>: the daemon, started as wireguard-go is.</summary>
/// <remarks>
/// The calling process opens the interface and the control sockets, so that what is wrong is said on its standard error, and starts
/// itself again with their descriptors and fewer privileges: in the background as a child, on whose word that it is ready it returns; in
/// the foreground in its own place.
/// </remarks>
internal static class RunCommand
{
    private const int MaxNameLength = 15; // IFNAMSIZ less the terminating zero
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/: \t\n\r\f\v");

    /// <summary>Runs an interface, or starts a process that does.</summary>
    internal static int Run(Invocation invocation)
    {
        RunArguments arguments;
        try
        {
            bool isForeground = DaemonVariables.Value(DaemonVariables.Foreground) == "1";
            arguments = RunArguments.Read(invocation.Program, invocation.Arguments, isForeground);
        }
        catch (ConfigException exception)
        {
            return invocation.Fail(exception.Message);
        }

        return arguments.Names switch
        {
            [] => invocation.Fail($"the name of an interface is missing. Usage: {invocation.Program} [-f] IFNAME"),
            [var name] when !IsInterfaceName(name) => invocation.Fail(
                $"{ConfigException.Quote(name)} cannot name an interface: 1 to {MaxNameLength} bytes, no slash, colon or white space, not \".\" or \"..\""),
            [var name] => arguments.IsForeground ? RunInForeground(invocation, name, arguments) : RunInBackground(invocation, name, arguments),
            [var first, var second, ..] => invocation.Fail(
                $"{ConfigException.Quote(second)} is too much: one interface is run at a time, and {ConfigException.Quote(first)} is no command. See {invocation.Program} --help"),
        };
    }

    private static int RunInBackground(Invocation invocation, string name, RunArguments arguments)
    {
        StderrLogger logger = NewLogger();
        DaemonParts parts = DaemonParts.Open(name, logger);
        bool isChilds = false;
        try
        {
            string[] words = [invocation.Program, .. arguments.ToChild(invocation.Program, parts.Tun.Name)];
            ReadinessReport report = new DaemonHandover(parts, logger).Start(words, StderrLogger.IsWanted(StderrLogger.LevelOfEnvironment));
            isChilds = report.Outcome == Readiness.Ready;
            return isChilds ? Invocation.Success : invocation.Fail(report.Outcome switch
            {
                Readiness.Failed => report.Message,
                Readiness.Died => $"the daemon for `{parts.Tun.Name}' ended while it started. LOG_LEVEL=debug and -f show more",
                _ => $"the daemon for `{parts.Tun.Name}' was not ready after 30 seconds. Is the machine overloaded?",
            });
        }
        finally
        {
            // The sockets' files are the child's if there is one: then the listeners are left to the end of this process.
            if (isChilds)
            {
                parts.GiveAway();
            }
            else
            {
                parts.Dispose();
            }
        }
    }

    private static int RunInForeground(Invocation invocation, string name, RunArguments arguments)
    {
        FileDescriptor? readiness = DaemonVariables.Descriptor(DaemonVariables.Ready) is { } fd ? FileDescriptor.Inherit(fd) : null;
        try
        {
            StderrLogger logger = NewLogger();
            using DaemonParts parts = DaemonParts.Open(name, logger);
            if (DaemonVariables.Value(DaemonVariables.Stage) is null && !DaemonHandover.IsUnhardened)
            {
                new DaemonHandover(parts, logger).Replace();
            }

            return DaemonService.Run(parts, logger, readiness, arguments.MetricsAddress);
        }
        catch (IOException exception)
        {
            if (readiness is not null)
            {
                ReadinessPipe.ReportFailure(readiness, exception.Message);
            }

            return invocation.Fail(exception.Message);
        }
    }

    private static StderrLogger NewLogger() => new(Console.Error, StderrLogger.LevelOfEnvironment, StderrLogger.FormatOfEnvironment);

    private static bool IsInterfaceName(string name) => name is not ("" or "." or "..")
        && Encoding.UTF8.GetByteCount(name) <= MaxNameLength
        && !name.AsSpan().ContainsAny(NotInNames);
}
