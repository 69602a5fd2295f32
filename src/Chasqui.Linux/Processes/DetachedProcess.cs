using System.Globalization;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>A child in a session of its own: how a daemon starts itself where a process cannot fork.</summary>
/// <remarks>
/// Source: posix_spawn(3), setsid(2). The child has default signal handling, an empty signal mask, and no descriptor but those named;
/// it keeps running when its parent ends.
/// </remarks>
public sealed class DetachedProcess
{
    // Above every number a child asks for, so that no dup2 overwrites the source of a later one.
    private const int HighDescriptor = 200;

    private DetachedProcess(int processId) => ProcessId = processId;

    /// <summary>The child's process number.</summary>
    public int ProcessId { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="path">The executable; not searched for in PATH.</param>
    /// <param name="arguments">Its arguments, beginning with its name.</param>
    /// <param name="environment">Its environment, as <c>NAME=value</c>.</param>
    /// <param name="descriptors">The descriptors it is started with; numbers 0 to 199. They win over the standard streams.</param>
    /// <param name="hasStandardStreams">Whether it keeps this process's standard streams; otherwise they are /dev/null.</param>
    /// <exception cref="LinuxException">ENOENT, EACCES and the like: there is no child.</exception>
    public static unsafe DetachedProcess Start(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        IReadOnlyList<InheritedDescriptor> descriptors,
        bool hasStandardStreams)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(descriptors);
        using NativeStrings argv = new(arguments);
        using NativeStrings envp = new(environment);
        Libc.posix_spawn_file_actions_t actions;
        Libc.posix_spawnattr_t attributes;
        List<FileDescriptor> copies = [];
        Check(Libc.posix_spawn_file_actions_init(&actions), path);
        Check(Libc.posix_spawnattr_init(&attributes), path);
        try
        {
            CloseOnExec();
            SetAttributes(&attributes, path);
            SetDescriptors(&actions, descriptors, hasStandardStreams, copies, path);
            int processId;
            Check(Libc.posix_spawn(&processId, path, &actions, &attributes, argv.Pointer, envp.Pointer), path);
            return new DetachedProcess(processId);
        }
        finally
        {
            copies.ForEach(copy => copy.Dispose());
            _ = Libc.posix_spawnattr_destroy(&attributes);
            _ = Libc.posix_spawn_file_actions_destroy(&actions);
        }
    }

    /// <summary>Waits for the child's end and takes its exit status, once.</summary>
    /// <returns>The exit code, or 128 and the number of the signal that killed it.</returns>
    /// <exception cref="LinuxException">ECHILD: its status was taken already.</exception>
    public unsafe int WaitForExit()
    {
        int status, result;
        do
        {
            result = Libc.waitpid(ProcessId, &status, 0);
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        _ = LinuxException.Check(result, "waitpid", ProcessId.ToString(CultureInfo.InvariantCulture));

        // wait(2): the low seven bits are the signal, the next byte the exit code.
        int signal = status & 0x7F;
        return signal != 0 ? 128 + signal : (status >> 8) & 0xFF;
    }

    private static unsafe void SetAttributes(Libc.posix_spawnattr_t* attributes, string path)
    {
        Libc.sigset_t all, none;
        _ = Libc.sigfillset(&all);
        _ = Libc.sigemptyset(&none);

        // The runtime ignores SIGPIPE, and ignoring is inherited.
        Check(Libc.posix_spawnattr_setsigdefault(attributes, &all), path);
        Check(Libc.posix_spawnattr_setsigmask(attributes, &none), path);
        Check(
            Libc.posix_spawnattr_setflags(
                attributes, Libc.POSIX_SPAWN_SETSID | Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK),
            path);
    }

    private static unsafe void SetDescriptors(
        Libc.posix_spawn_file_actions_t* actions,
        IReadOnlyList<InheritedDescriptor> descriptors,
        bool hasStandardStreams,
        List<FileDescriptor> copies,
        string path)
    {
        for (int stream = 0; stream < 3 && !hasStandardStreams; stream++)
            Check(Libc.posix_spawn_file_actions_addopen(actions, stream, "/dev/null", Libc.O_RDWR, 0), path);

        foreach (InheritedDescriptor inherited in descriptors)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(inherited.Number, nameof(descriptors));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(inherited.Number, HighDescriptor, nameof(descriptors));
            FileDescriptor copy = FileDescriptor.FromResult(
                Libc.fcntl(inherited.Descriptor, Libc.F_DUPFD_CLOEXEC, HighDescriptor), "fcntl");
            copies.Add(copy);
            Check(Libc.posix_spawn_file_actions_adddup2(actions, copy.DangerousFd, inherited.Number), path);
        }
    }

    /// <summary>Marks what this process inherited without close-on-exec, from a shell for one: the daemon must not hold it.</summary>
    private static void CloseOnExec()
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            int number = int.Parse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture);
            if (number < 3)
                continue;

            using FileDescriptor borrowed = new(number);
            int flags = Libc.fcntl(borrowed, Libc.F_GETFD, 0);
            if (flags >= 0 && (flags & Libc.FD_CLOEXEC) == 0)
                _ = Libc.fcntl(borrowed, Libc.F_SETFD, flags | Libc.FD_CLOEXEC);
            borrowed.SetHandleAsInvalid();
        }
    }

    private static void Check(int errno, string path)
    {
        if (errno != 0)
            throw new LinuxException("posix_spawn", path, errno);
    }
}
