using System.Text;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Quick.Reload;

/// <summary>Where a reload waits to be confirmed: a socket of root's in <c>/run/chasqui</c>.</summary>
/// <remarks>Threads: one; <see cref="End"/> may be called from any. A word is a line, and so is its answer.</remarks>
public sealed class ConfirmListener : IDisposable
{
    private const string Suffix = ".confirm";
    private const int LongestWord = 64;
    private const int PatienceMilliseconds = 2000;

    private readonly UnixListener _listener;
    private readonly EventFd _end = new();
    private readonly BootTimer _timer = new();
    private UnixStream? _stream;

    private ConfirmListener(UnixListener listener) => _listener = listener;

    /// <summary>Begins to listen, for one interface.</summary>
    /// <exception cref="QuickException">Another reload of it waits to be confirmed.</exception>
    public static ConfirmListener Open(QuickFile file, QuickOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        RefuseIfPending(file, options);
        try
        {
            return new ConfirmListener(UnixListener.Bind(PathOf(options.StateFolder, file.InterfaceName)));
        }
        catch (LinuxException exception)
        {
            throw new QuickException(
                $"cannot listen on {PathOf(options.StateFolder, file.InterfaceName)}: {exception.Message}. "
                + "It takes root, and a /run that can be written",
                exception);
        }
    }

    /// <summary>Refuses to go on while a reload of the interface waits to be confirmed.</summary>
    /// <exception cref="QuickException">One does.</exception>
    public static void RefuseIfPending(QuickFile file, QuickOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        string name = file.InterfaceName;
        if (Ask(options.StateFolder, name, ConfirmWindow.Left) is { } seconds)
        {
            throw new QuickException(
                $"the last reload of `{name}' waits to be confirmed for another {seconds} seconds. "
                + $"Run `chasqui confirm {name}' to keep it, or `chasqui confirm {name} --undo' to take it back, and then this again");
        }
    }

    /// <summary>Confirms what waits for it, or refuses it.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="isRefused">Whether it is rolled back.</param>
    /// <param name="options">Where notes are.</param>
    /// <exception cref="QuickException">Nothing waits.</exception>
    public static void Answer(string interfaceName, bool isRefused, QuickOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentNullException.ThrowIfNull(options);
        string? answer = Ask(options.StateFolder, interfaceName, isRefused ? ConfirmWindow.Refuse : ConfirmWindow.Confirm);
        if (answer != ConfirmWindow.Done)
        {
            throw new QuickException(
                $"no reload of `{interfaceName}' waits to be confirmed: there was none with --confirm, it is confirmed already, or its time is over and it is rolled back. "
                + $"`chasqui diff {interfaceName}' tells what runs");
        }
    }

    /// <summary>Ends the waiting, as the end of its time does.</summary>
    public void End() => _end.Set();

    /// <summary>Waits until somebody confirms or refuses, or the time is over.</summary>
    /// <param name="time">For how long; the time that the machine sleeps counts.</param>
    public ConfirmOutcome Wait(TimeSpan time) =>
        ConfirmWindow.Wait(BootClock.Now() + (long)(time.TotalMilliseconds * 1_000_000), BootClock.Now, Next);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _listener.Dispose();
        _timer.Dispose();
        _end.Dispose();
    }

    /// <summary>Tells a reload that waits that its interface goes.</summary>
    internal static void Overtake(string folder, string interfaceName) => Ask(folder, interfaceName, ConfirmWindow.Overtake);

    /// <summary>Says a word to whoever waits.</summary>
    /// <returns>The answer; null if nobody does.</returns>
    private static string? Ask(string folder, string interfaceName, string word)
    {
        try
        {
            using UnixStream stream = UnixStream.Connect(PathOf(folder, interfaceName));
            stream.ReadTimeout = stream.WriteTimeout = PatienceMilliseconds;
            stream.Write(Encoding.ASCII.GetBytes(word + "\n"));
            return ReadLine(stream);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    private static string PathOf(string folder, string interfaceName) => Path.Combine(folder, interfaceName + Suffix);

    private static string ReadLine(UnixStream stream)
    {
        byte[] line = new byte[LongestWord];
        int length = 0;
        while (length < line.Length && !line.AsSpan(0, length).Contains((byte)'\n'))
        {
            int read = stream.Read(line.AsSpan(length));
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return Encoding.ASCII.GetString(line, 0, length).Trim();
    }

    private ConfirmRequest? Next(long deadline)
    {
        _timer.ArmAt(deadline);
        using Poller poller = new(3);
        int timer = poller.Add(_timer.Descriptor, PollEvents.Read), end = poller.Add(_end.Descriptor, PollEvents.Read);
        int connection = poller.Add(_listener.Descriptor, PollEvents.Read);
        while (true)
        {
            _ = poller.Wait(Poller.Forever);
            if (poller.Ready(timer) != PollEvents.None || poller.Ready(end) != PollEvents.None)
            {
                return null;
            }

            if (poller.Ready(connection) != PollEvents.None && TryAccept() is { } request)
            {
                return request;
            }
        }
    }

    private ConfirmRequest? TryAccept()
    {
        _stream?.Dispose();
        _stream = _listener.Accept();
        if (_stream is not { } stream)
        {
            return null;
        }

        stream.ReadTimeout = stream.WriteTimeout = PatienceMilliseconds;
        try
        {
            return new ConfirmRequest(ReadLine(stream), Reply);
        }
        catch (LinuxException)
        {
            return null; // it said nothing, or went away
        }

        void Reply(string answer)
        {
            try
            {
                stream.Write(Encoding.ASCII.GetBytes(answer + "\n"));
            }
            catch (LinuxException)
            {
                // It did not wait for the answer; its word counts.
            }
        }
    }
}
