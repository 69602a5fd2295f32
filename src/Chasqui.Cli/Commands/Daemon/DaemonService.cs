using System.Net;
using System.Runtime.InteropServices;
using Chasqui.Control;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Hardening;
using Chasqui.Linux.Processes;
using Chasqui.Metrics;

namespace Chasqui.Cli.Commands.Daemon;

/// <summary>The process that carries packets: device, control sockets and metrics, until the end.</summary>
internal static class DaemonService
{
    /// <summary>Serves until the device ends or somebody asks for its end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="IOException">It cannot be started.</exception>
    internal static int Run(DaemonParts parts, StderrLogger logger, FileDescriptor? readiness, IPEndPoint? metricsAddress)
    {
        bool isHardened = DaemonVariables.Value(DaemonVariables.Stage) == DaemonVariables.Confined;
        if (isHardened)
        {
            ProcessMemory.Hide(); // before there is any key in it
        }

        string path = UapiServer.PathOf(parts.Tun.Name);
        using var device = new WireGuardDevice(parts.Tun, logger, File.Exists(path) ? path : null, parts.Privileged);
        using var server = new UapiServer(parts.Listener, device, logger);
        using ControlServer? control = parts.ControlListener is null ? null : new ControlServer(parts.ControlListener, device, logger);
        using MetricsServer? metrics = metricsAddress is null ? null : OpenMetrics(metricsAddress, device, logger);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        if (isHardened)
        {
            FilterSystemCalls(parts.Tun.Name, logger);
        }

        if (readiness is not null)
        {
            ReadinessPipe.ReportReady(readiness);
        }

        _ = Task.WaitAny(device.Exit, stopped.Task);
        return Finish(device.Exit.IsCompleted ? device.Exit.Result : null, parts.Tun.Name, path, logger);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }

    /// <summary>Says why the daemon ends, unless it was asked to, and takes its socket's file away.</summary>
    private static int Finish(DeviceExit? exit, string name, string path, StderrLogger logger)
    {
        if (exit?.Exception is { } exception)
        {
            logger.WriteFailure(exception);
            return Invocation.Failure;
        }

        if (exit?.Reason == DeviceExitReason.InterfaceDeleted)
        {
            // No failure: it is how people, and "down", stop a userspace daemon.
            logger.WriteWarning($"{name}: the interface was deleted, by itself or with its network namespace: the daemon ends");
        }

        if (exit?.Reason != DeviceExitReason.ControlSocketUnlinked)
        {
            DeleteSocketFile(path);
        }

        return Invocation.Success;
    }

    /// <summary>Once everything is started that has to be.</summary>
    private static void FilterSystemCalls(string name, StderrLogger logger)
    {
        if (SystemCallFilter.Apply() is var errno and not 0)
        {
            logger.WriteWarning($"{name}: system calls are not filtered: seccomp: {LinuxException.Describe(errno)}");
        }
    }

    private static MetricsServer OpenMetrics(IPEndPoint address, WireGuardDevice device, StderrLogger logger)
    {
        try
        {
            return new MetricsServer(address, device, logger);
        }
        catch (LinuxException exception)
        {
            string remedy = exception.Errno switch
            {
                Errno.EADDRINUSE => "Another program has that port: give each interface one of its own",
                Errno.EADDRNOTAVAIL => "No interface of this machine has that address; a port alone is on 127.0.0.1",
                Errno.EACCES => "Ports below 1024 take root",
                _ => "See tcp(7)",
            };
            throw new IOException($"cannot serve metrics at {address}: {exception.Message}. {remedy}", exception);
        }
    }

    private static void DeleteSocketFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A stale file is found out by the next daemon and by wg(8), which both knock before they believe it.
        }
    }
}
