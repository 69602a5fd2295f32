using System.Globalization;
using Chasqui.Control;
using Chasqui.Linux;
using Chasqui.Linux.Hardening;
using Chasqui.Linux.Processes;

namespace Chasqui.Cli.Commands.Daemon;

/// <summary>Hands what is open to the process that carries packets: a child in the background, or this one, run anew.</summary>
/// <remarks>
/// A program that starts itself again is how a process of a runtime, which has threads before its first line, gives up privileges on all
/// of them; docs/adr/0010-hardening.md says what is given up.
/// </remarks>
internal sealed class DaemonHandover
{
    private const int FirstInheritedDescriptor = 3;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly DaemonParts _parts;
    private readonly StderrLogger _logger;
    private readonly List<(string Variable, FileDescriptor Descriptor)> _descriptors;

    internal DaemonHandover(DaemonParts parts, StderrLogger logger)
    {
        _parts = parts;
        _logger = logger;
        _descriptors = [(DaemonVariables.Tun, parts.Tun.Descriptor), (DaemonVariables.Uapi, parts.Listener.Descriptor)];
        for (int i = 1; i < parts.Tun.Queues.Count; i++)
        {
            _descriptors.Add((DaemonVariables.ExtraQueues, parts.Tun.Queues[i].Descriptor));
        }

        if (parts.ControlListener is not null)
        {
            _descriptors.Add((DaemonVariables.Control, parts.ControlListener.Descriptor));
        }

        if (parts.Privileged.Foreign is { } foreign)
        {
            _descriptors.Add((DaemonVariables.Links, foreign.Descriptor));
        }

        _descriptors.AddRange(parts.Privileged.Errors.Select(static socket => (DaemonVariables.Errors, socket.Descriptor)));
    }

    /// <summary>Starts a child in the background, and waits for what it says.</summary>
    /// <param name="words">Its command line.</param>
    /// <param name="hasStandardStreams">Whether it keeps this process's; otherwise they are /dev/null.</param>
    internal ReadinessReport Start(string[] words, bool hasStandardStreams)
    {
        using var pipe = new ReadinessPipe();
        _descriptors.Add((DaemonVariables.Ready, pipe.ChildEnd));
        InheritedDescriptor[] inherited =
            [.. _descriptors.Select((entry, index) => new InheritedDescriptor(FirstInheritedDescriptor + index, entry.Descriptor))];
        List<string> environment = EnvironmentOf(inherited.Select(entry => entry.Number));
        Confine(() => DetachedProcess.Start(Environment.ProcessPath!, words, environment, inherited, hasStandardStreams));
        return pipe.Wait(StartTimeout);
    }

    /// <summary>Runs this program anew in this process; there is no return.</summary>
    /// <exception cref="IOException">The program cannot be started.</exception>
    internal void Replace()
    {
        List<string> environment = EnvironmentOf(_descriptors.Select(entry => entry.Descriptor.DangerousFd));
        FileDescriptor[] kept = [.. _descriptors.Select(entry => entry.Descriptor)];
        Confine(() =>
        {
            ProgramImage.Replace(Environment.ProcessPath!, Environment.GetCommandLineArgs(), environment, kept);
            return true;
        });
    }

    /// <summary>Whether the environment asks for a daemon that keeps all its privileges.</summary>
    internal static bool IsUnhardened => DaemonVariables.Value(DaemonVariables.Unhardened) == "1";

    private void Confine<T>(Func<T> start)
    {
        if (IsUnhardened)
        {
            _ = start();
            return;
        }

        string name = _parts.Tun.Name;
        var confinement = new Confinement(
            Capabilities.NetAdmin | Capabilities.NetBindService,
            [Path.GetDirectoryName(UapiServer.PathOf(name))!, Path.GetDirectoryName(ControlServer.PathOf(name))!]);
        try
        {
            _ = confinement.Run(start);
        }
        catch (LinuxException exception)
        {
            throw new IOException(
                $"cannot start anew with fewer privileges: {exception.Message}. {DaemonVariables.Unhardened}=1 keeps them all", exception);
        }

        foreach (string gap in confinement.Gaps)
        {
            _logger.WriteDebug($"{name}: {gap}");
        }
    }

    private List<string> EnvironmentOf(IEnumerable<int> numbers)
    {
        List<string> environment = DaemonVariables.WithoutOwn();
        foreach (IGrouping<string, int> same in _descriptors.Zip(numbers).GroupBy(pair => pair.First.Variable, pair => pair.Second))
        {
            environment.Add($"{same.Key}={string.Join(',', same.Select(number => number.ToString(CultureInfo.InvariantCulture)))}");
        }

        environment.Add($"{DaemonVariables.Foreground}=1");
        environment.Add($"{DaemonVariables.Stage}={(IsUnhardened ? DaemonVariables.Unconfined : DaemonVariables.Confined)}");
        return environment;
    }
}
