using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Linux.Tun;
using Chasqui.Metrics;

namespace Chasqui.Cli.Commands;

/// <summary><c>chasqui [-f] IFNAME</c>: the daemon, started as wireguard-go is.</summary>
/// <remarks>
/// In the background the calling process opens the interface and the control socket, so that what is wrong is said on its standard
/// error, starts itself again with both descriptors, and returns once the child has said that it is ready.
/// </remarks>
internal static class RunCommand
{
    private const int DefaultMtu = 1420;
    private const int MaxNameLength = 15; // IFNAMSIZ less the terminating zero
    private const int FirstInheritedDescriptor = 3;
    private const int FirstExtraQueue = FirstInheritedDescriptor + 3;
    private const string TunVariable = "WG_TUN_FD";
    private const string ControlVariable = "WG_UAPI_FD";
    private const string ReadyVariable = "CHASQUI_READY_FD";
    private const string ExtraQueuesVariable = "CHASQUI_EXTRA_QUEUES";
    private const string ForegroundVariable = "WG_PROCESS_FOREGROUND";
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/: \t\n\r\f\v");
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs an interface, or starts a process that does.</summary>
    internal static int Run(Invocation invocation)
    {
        RunArguments arguments;
        try
        {
            bool isForeground = Environment.GetEnvironmentVariable(ForegroundVariable) == "1";
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
        using TunDevice tun = OpenTun(name);
        UnixListener listener = OpenListener(tun.Name);
        bool isChilds = false;
        try
        {
            ReadinessReport report = StartChild(invocation.Program, tun, listener, arguments);
            isChilds = report.Outcome == Readiness.Ready;
            return isChilds ? Invocation.Success : invocation.Fail(report.Outcome switch
            {
                Readiness.Failed => report.Message,
                Readiness.Died => $"the daemon for `{tun.Name}' ended while it started. LOG_LEVEL=debug and -f show more",
                _ => $"the daemon for `{tun.Name}' was not ready after {StartTimeout.TotalSeconds} seconds. Is the machine overloaded?",
            });
        }
        finally
        {
            // The socket's file is the child's if there is one: then the listener is left to the end of this process.
            if (!isChilds)
            {
                listener.Dispose();
            }
        }
    }

    private static ReadinessReport StartChild(string program, TunDevice tun, UnixListener listener, RunArguments arguments)
    {
        using var pipe = new ReadinessPipe();
        List<InheritedDescriptor> descriptors =
        [
            new(FirstInheritedDescriptor, tun.Descriptor),
            new(FirstInheritedDescriptor + 1, listener.Descriptor),
            new(FirstInheritedDescriptor + 2, pipe.ChildEnd),
        ];
        for (int i = 1; i < tun.Queues.Count; i++)
        {
            descriptors.Add(new(FirstExtraQueue + i - 1, tun.Queues[i].Descriptor));
        }

        string[] words = [program, .. arguments.ToChild(program, tun.Name)];
        DetachedProcess.Start(Environment.ProcessPath!, words, ChildEnvironment(tun.Queues.Count - 1), [.. descriptors], StderrLogger.IsWanted(StderrLogger.LevelOfEnvironment));
        return pipe.Wait(StartTimeout);
    }

    private static int RunInForeground(Invocation invocation, string name, RunArguments arguments)
    {
        FileDescriptor? readiness = InheritedNumber(ReadyVariable) is { } fd ? FileDescriptor.Inherit(fd) : null;
        try
        {
            TunDevice tun = OpenTun(name);
            using UnixListener listener = OpenListenerFor(tun);
            return Serve(tun, listener, readiness, arguments.MetricsAddress);
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

    private static UnixListener OpenListenerFor(TunDevice tun)
    {
        try
        {
            return OpenListener(tun.Name);
        }
        catch
        {
            tun.Dispose();
            throw;
        }
    }

    private static int Serve(TunDevice tun, UnixListener listener, FileDescriptor? readiness, IPEndPoint? metricsAddress)
    {
        string path = UapiServer.PathOf(tun.Name);
        var logger = new StderrLogger(Console.Error, StderrLogger.LevelOfEnvironment, StderrLogger.FormatOfEnvironment);
        using UnixListener? controlListener = OpenControlListener(tun.Name, logger);
        using var device = new WireGuardDevice(tun, logger, File.Exists(path) ? path : null);
        using var server = new UapiServer(listener, device, logger);
        using ControlServer? control = controlListener is null ? null : new ControlServer(controlListener, device, logger);
        using MetricsServer? metrics = metricsAddress is null ? null : OpenMetrics(metricsAddress, device, logger);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        if (readiness is not null)
        {
            ReadinessPipe.ReportReady(readiness);
        }

        _ = Task.WaitAny(device.Exit, stopped.Task);
        if (device.Exit.IsCompleted && device.Exit.Result.Exception is { } exception)
        {
            logger.WriteFailure(exception);
            return Invocation.Failure;
        }

        if (!device.Exit.IsCompleted || device.Exit.Result.Reason != DeviceExitReason.ControlSocketUnlinked)
        {
            DeleteSocketFile(path);
        }

        return Invocation.Success;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }

    /// <summary>Our own control socket; a daemon whose machine has no place for it carries packets all the same.</summary>
    private static UnixListener? OpenControlListener(string name, StderrLogger logger)
    {
        try
        {
            return ControlServer.Listen(name);
        }
        catch (LinuxException exception)
        {
            logger.WriteError($"{name}: there is no {ControlServer.PathOf(name)}: {exception.Message}; \"chasqui explain\" will know less");
            return null;
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

    private static TunDevice OpenTun(string name)
    {
        if (InheritedNumber(TunVariable) is { } fd)
        {
            return TakeOver(TunVariable, fd, "a TUN device opened with IFF_NO_PI", TakeOverTun);
        }

        try
        {
            return TunDevice.Create(name, DefaultMtu, Lanes.Wanted());
        }
        catch (LinuxException exception)
        {
            throw new IOException($"cannot create the interface `{name}': {exception.Message}. {Remedy(exception.Errno)}", exception);
        }
    }

    /// <summary>The first descriptor, and the other queues if this process was started by one of ours.</summary>
    private static TunDevice TakeOverTun(int fd) =>
        TunDevice.FromDescriptors(fd, [.. Enumerable.Range(FirstExtraQueue, InheritedNumber(ExtraQueuesVariable) ?? 0)]);

    private static string Remedy(int errno) => errno switch
    {
        Errno.EBUSY => "Something has that interface already; \"ip link show\" lists them",
        Errno.EPERM or Errno.EACCES => "It takes root, or CAP_NET_ADMIN",
        Errno.ENOENT or Errno.ENODEV or Errno.ENXIO => "Is there a /dev/net/tun? \"modprobe tun\" makes it; a container needs --device /dev/net/tun",
        Errno.EINVAL => "The kernel takes the name for something else: an interface that is no TUN device, or letters that it does not allow",
        _ => "See ip-link(8)",
    };

    private static UnixListener OpenListener(string name)
    {
        if (InheritedNumber(ControlVariable) is { } fd)
        {
            return TakeOver(ControlVariable, fd, "a listening UNIX socket", UnixListener.FromDescriptor);
        }

        string path = UapiServer.PathOf(name);
        try
        {
            return UnixListener.Bind(path);
        }
        catch (LinuxException exception)
        {
            string remedy = exception.Errno switch
            {
                Errno.EADDRINUSE => "Another daemon answers there: end it, or take another name",
                Errno.EACCES or Errno.EPERM or Errno.EROFS => "The directory must be writable: it takes root, or whoever owns it",
                _ => "See unix(7)",
            };
            throw new IOException($"cannot listen on {path}: {exception.Message}. {remedy}", exception);
        }
    }

    private static T TakeOver<T>(string variable, int fd, string what, Func<int, T> takeOver)
    {
        try
        {
            return takeOver(fd);
        }
        catch (LinuxException exception)
        {
            throw new IOException($"{variable}={fd}: {exception.Message}. It must be the number of {what}, or unset", exception);
        }
    }

    private static int? InheritedNumber(string variable)
    {
        string? value = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int fd)
            ? fd
            : throw new IOException($"{variable}=\"{value}\" is not the number of a descriptor: set it to one that is open, or unset it");
    }

    private static List<string> ChildEnvironment(int extraQueues)
    {
        var environment = new List<string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (entry.Key is not (TunVariable or ControlVariable or ReadyVariable or ForegroundVariable or ExtraQueuesVariable))
            {
                environment.Add($"{entry.Key}={entry.Value}");
            }
        }

        environment.Add($"{TunVariable}={FirstInheritedDescriptor}");
        environment.Add($"{ControlVariable}={FirstInheritedDescriptor + 1}");
        environment.Add($"{ReadyVariable}={FirstInheritedDescriptor + 2}");
        environment.Add($"{ForegroundVariable}=1");
        if (extraQueues > 0)
        {
            environment.Add($"{ExtraQueuesVariable}={extraQueues}");
        }

        return environment;
    }

    private static bool IsInterfaceName(string name) => name is not ("" or "." or "..")
        && Encoding.UTF8.GetByteCount(name) <= MaxNameLength
        && !name.AsSpan().ContainsAny(NotInNames);
}
