using System.Runtime.ExceptionServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Hardening;

/// <summary>Gives up, on one thread, what a program needs to be set up but not to run; what that thread starts is born without it.</summary>
/// <remarks>
/// Capabilities belong to threads, and a process of a runtime has threads of which its program knows nothing: giving something up once
/// they are there leaves it to some of them. So a program that wants to be rid of it starts itself anew from here
/// (<see cref="Processes.DetachedProcess"/>, <see cref="Processes.ProgramImage"/>). Source: capabilities(7), landlock(7).
/// </remarks>
public sealed class Confinement
{
    // The keys of a hundred thousand peers.
    private const ulong LockedMemoryBytes = 64 * 1024 * 1024;

    private const string DumpFilter = "/proc/self/coredump_filter";

    private readonly Capabilities _kept;
    private readonly IReadOnlyList<string> _removableIn;
    private readonly List<string> _gaps = [];

    /// <summary>Describes what is left.</summary>
    /// <param name="kept">Capabilities that stay, if they are there.</param>
    /// <param name="removableIn">Folders in which files may be removed. No file can be made, or opened to be written.</param>
    public Confinement(Capabilities kept, IReadOnlyList<string> removableIn)
    {
        ArgumentNullException.ThrowIfNull(removableIn);
        _kept = kept;
        _removableIn = removableIn;
    }

    /// <summary>After <see cref="Run{T}"/>: what this machine did not do, in sentences without a stop.</summary>
    public IReadOnlyList<string> Gaps => _gaps;

    /// <summary>Runs something on a thread that has given all that up, and waits for it.</summary>
    /// <remarks>
    /// Core dumps are forbidden, and more locked memory asked for, for the whole process. What is started gets no new privileges
    /// by any program it executes.
    /// </remarks>
    /// <param name="work">What to run; what it throws comes back to the caller.</param>
    /// <exception cref="LinuxException">The kernel refuses to take capabilities away, which no kernel should.</exception>
    public T Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                GiveUp();
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private void GiveUp()
    {
        SetLimits();
        ulong permitted = ThreadCapabilities.Permitted();
        ulong kept = permitted & (ulong)_kept;
        bool isRoot = Libc.geteuid() == 0;

        // Root's programs get what is inheritable or within the bounds; others' what is ambient. Inheritable first: it cannot be raised
        // beyond the bounds.
        ThreadCapabilities.Set(permitted, kept);
        ThreadCapabilities.SetAmbient(isRoot ? 0 : kept);
        if (!ThreadCapabilities.TryBound(isRoot ? 0 : kept))
            _gaps.Add("the capability bounding set is as it was, for want of CAP_SETPCAP");

        // From here on a program that is executed has no more than this thread, whatever the bounds.
        _ = LinuxException.Check(Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl", "PR_SET_NO_NEW_PRIVS");
        ThreadCapabilities.Set(kept, kept);
        if (!FileWalls.TryBuild(_removableIn))
            _gaps.Add("files are not walled off: this kernel has no Landlock");
    }

    /// <summary>Without CAP_SYS_RESOURCE the limit stays, and ProcessMemory finds out where it ends.</summary>
    private static unsafe void RaiseLockedMemory()
    {
        Libc.rlimit limit;
        if (Libc.getrlimit(Libc.RLIMIT_MEMLOCK, &limit) < 0 || limit.rlim_cur >= LockedMemoryBytes)
            return;

        limit.rlim_cur = LockedMemoryBytes;
        limit.rlim_max = Math.Max(limit.rlim_max, LockedMemoryBytes);
        _ = Libc.setrlimit(Libc.RLIMIT_MEMLOCK, &limit);
    }

    private unsafe void SetLimits()
    {
        Libc.rlimit none = default;
        _ = LinuxException.Check(Libc.setrlimit(Libc.RLIMIT_CORE, &none), "setrlimit", "RLIMIT_CORE");
        RaiseLockedMemory();
        try
        {
            // What a dump holds even if somebody has one made: neither heap nor stacks. Source: core(5).
            File.WriteAllText(DumpFilter, "0");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _gaps.Add($"{DumpFilter} cannot be written");
        }
    }
}
