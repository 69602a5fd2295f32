using System.Globalization;
using Chasqui.SyscallBench.Interop;

namespace Chasqui.SyscallBench;

/// <summary>CPU time that was spent for the measured thread, whoever spent it.</summary>
/// <remarks>
/// That is: every thread of the process but the peer's, so also the kernel's workers and polling threads for an io_uring; and
/// the measured core's ksoftirqd, which goes on with packets where there were too many for the sender's own call. Each thread's
/// clock is read for itself: the clock of the whole process lags by a tick behind threads that run elsewhere.
/// </remarks>
internal sealed class CpuTime(int peerThread)
{
    private readonly string? _softirqd = FindSoftirqd();

    private long _own;
    private long _others;

    /// <summary>Starts to count; called by the measured thread.</summary>
    internal void Start()
    {
        _others = Others();
        _own = Libc.ThreadTime(Libc.gettid());
    }

    /// <summary>What was spent since, in nanoseconds; called by the same thread.</summary>
    internal long Stop()
    {
        // The own clock first: what follows is long beside what some ways need.
        long own = Libc.ThreadTime(Libc.gettid()) - _own;
        return own + Others() - _others;
    }

    private long Others()
    {
        int self = Libc.gettid();
        long sum = Softirqd();
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            int thread = int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture);
            sum += thread == peerThread || thread == self ? 0 : Libc.ThreadTime(thread);
        }

        return sum;
    }

    private long Softirqd() =>
        _softirqd is null ? 0 : long.Parse(File.ReadAllText(_softirqd).Split(' ')[0], CultureInfo.InvariantCulture);

    private static string? FindSoftirqd()
    {
        foreach (string process in Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            try
            {
                if (File.ReadAllText($"{process}/comm").Trim() == "ksoftirqd/0")
                    return $"{process}/schedstat";
            }
            catch (IOException)
            {
                // It ended in between.
            }
        }

        return null;
    }
}
