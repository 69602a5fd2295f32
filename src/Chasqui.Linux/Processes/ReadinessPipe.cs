using System.Text;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>How a child tells its parent that it is ready, or why it never will be.</summary>
/// <remarks>
/// Shape: one byte, 1 for ready or 0 for failed; after a 0, text in UTF-8 to the end. An end without a byte is a child that died.
/// The parent makes the pipe, starts the child with <see cref="ChildEnd"/>, and calls <see cref="Wait"/>.
/// </remarks>
public sealed class ReadinessPipe : IDisposable
{
    private const byte FailedByte = 0;
    private const byte ReadyByte = 1;

    // Within what a pipe takes without its reader (PIPE_BUF), so that a child never hangs in its last words.
    private const int MaximumTextBytes = 4000;
    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly FileDescriptor _parentEnd;

    /// <summary>Makes a pipe.</summary>
    /// <exception cref="LinuxException">EMFILE and the like.</exception>
    public unsafe ReadinessPipe()
    {
        int* ends = stackalloc int[2];
        _ = LinuxException.Check(Libc.pipe2(ends, Libc.O_CLOEXEC), "pipe2");
        _parentEnd = new FileDescriptor(ends[0]);
        ChildEnd = new FileDescriptor(ends[1]);
    }

    /// <summary>What the child is to be started with.</summary>
    public FileDescriptor ChildEnd { get; }

    /// <summary>In the child: says that all is ready, and closes its end.</summary>
    public static void ReportReady(FileDescriptor childEnd) => Report(childEnd, [ReadyByte]);

    /// <summary>In the child: says why it cannot start, and closes its end.</summary>
    /// <param name="childEnd">The child's end.</param>
    /// <param name="message">The reason, to be printed by the parent; cut at 4,000 bytes.</param>
    public static void ReportFailure(FileDescriptor childEnd, string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        Report(childEnd, [FailedByte, .. text.AsSpan(0, Math.Min(text.Length, MaximumTextBytes))]);
    }

    /// <summary>In the parent, once the child is started: closes <see cref="ChildEnd"/> here and waits for the child's word.</summary>
    public unsafe ReadinessReport Wait(TimeSpan timeout)
    {
        ChildEnd.Dispose();
        long deadline = BootClock.Now() + (long)(timeout.TotalMilliseconds * NanosecondsPerMillisecond);
        Span<byte> word = stackalloc byte[MaximumTextBytes + 1];
        int length = 0;
        while (length < word.Length)
        {
            long left = Math.Max(deadline - BootClock.Now(), 0);
            int milliseconds = (int)Math.Min((left + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond, int.MaxValue);
            if (Poller.WaitOne(_parentEnd, PollEvents.Read, milliseconds) == PollEvents.None)
                return new ReadinessReport(Readiness.TimedOut, "");

            fixed (byte* pointer = word[length..])
            {
                int received = (int)Libc.read(_parentEnd, pointer, (nuint)(word.Length - length));
                if (received <= 0)
                    break;
                length += received;
            }

            if (word[0] == ReadyByte)
                return new ReadinessReport(Readiness.Ready, "");
        }

        return length == 0
            ? new ReadinessReport(Readiness.Died, "")
            : new ReadinessReport(Readiness.Failed, Encoding.UTF8.GetString(word[1..length]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parentEnd.Dispose();
        ChildEnd.Dispose();
    }

    private static unsafe void Report(FileDescriptor childEnd, ReadOnlySpan<byte> word)
    {
        ArgumentNullException.ThrowIfNull(childEnd);

        // A parent that has gone is told nothing: EPIPE is no reason for a daemon to stop (the runtime ignores SIGPIPE).
        fixed (byte* pointer = word)
            _ = Libc.write(childEnd, pointer, (nuint)word.Length);
        childEnd.Dispose();
    }
}
