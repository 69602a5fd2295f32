using System.Collections;
using Chasqui.Control;
using Chasqui.Core.Diagnostics;
using Chasqui.Linux;
using Microsoft.Extensions.Logging;

namespace Chasqui.Device;

/// <summary>The thread that follows a device's journal and logs it. Only there if somebody reads the log.</summary>
/// <remarks>A log that does not take lines holds up this thread alone; what it misses meanwhile it counts.</remarks>
internal sealed class EventLog : IDisposable
{
    // A log that takes no lines any more does not keep a daemon from ending.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly EventJournal _journal;
    private readonly EventSignals _signals;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly EventFd _news = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <summary>Starts to log what happens from here on.</summary>
    /// <exception cref="LinuxException">EMFILE, or EAGAIN at the limit of threads; nothing is left behind.</exception>
    internal EventLog(EventJournal journal, EventSignals signals, ILogger logger, string name)
    {
        _journal = journal;
        _signals = signals;
        _logger = logger;
        _name = name;
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        signals.Add(_news);
        try
        {
            _thread.Start();
        }
        catch (OutOfMemoryException)
        {
            // How the runtime reports that there are no threads left, or none of the descriptors that one takes.
            signals.Remove(_news);
            _news.Dispose();
            throw new LinuxException("pthread_create", "log", Errno.EAGAIN);
        }
    }

    /// <summary>Whether a logger wants any event.</summary>
    internal static bool IsWanted(ILogger logger) => logger.IsEnabled(LogLevel.Warning);

    /// <summary>Logs what has happened so far, and ends.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _signals.Remove(_news);
        _news.Set();
        if (_thread.Join(Patience))
        {
            _news.Dispose();
        }
    }

    private void Run()
    {
        using var poller = new Poller(1);
        _ = poller.Add(_news.Descriptor, PollEvents.Read);
        long next = 0;
        bool isLast;
        do
        {
            poller.Wait(Poller.Forever);
            _ = _news.Clear();
            isLast = _isStopping;
            LogFrom(ref next);
        }
        while (!isLast);
    }

    private void LogFrom(ref long next)
    {
        while (_journal.TryRead(ref next, out TunnelEvent told, out long lost))
        {
            LogLevel level = LevelOf(told.Kind);
            if (lost > 0 && _logger.IsEnabled(LogLevel.Warning))
            {
                Write(LogLevel.Warning, [new("interface", _name), new("lost", lost)], $"{lost} events came too fast to be logged");
            }

            if (level != LogLevel.None && _logger.IsEnabled(level))
            {
                Write(level, Members(told), EventSentence.Of(told));
            }
        }
    }

    private void Write(LogLevel level, List<KeyValuePair<string, object?>> members, string sentence)
    {
        var line = new Line(members, $"{_name}: {sentence}");
        _logger.Log(level, default, line, null, static (line, _) => line.Text);
    }

    /// <summary>What has a line of its own in <see cref="DeviceLog"/>, with more detail, is none's.</summary>
    private static LogLevel LevelOf(TunnelEventKind kind) => kind switch
    {
        TunnelEventKind.EndpointResolved or TunnelEventKind.EndpointNotResolved => LogLevel.None,
        TunnelEventKind.SendFailed or TunnelEventKind.HandshakeGivenUp or TunnelEventKind.UnderLoadBegan
            or TunnelEventKind.OffloadSteppedDown or TunnelEventKind.KeyLogBegan or TunnelEventKind.KeyLogEnded => LogLevel.Warning,
        TunnelEventKind.HandshakeCompleted or TunnelEventKind.PeerRoamed or TunnelEventKind.PeerSilent or TunnelEventKind.UnderLoadEnded
            or TunnelEventKind.InterfaceUp or TunnelEventKind.InterfaceDown => LogLevel.Information,
        _ => LogLevel.Debug,
    };

    /// <summary>The event for logs that are read by programs, with the names of docs/control.md.</summary>
    private List<KeyValuePair<string, object?>> Members(in TunnelEvent told)
    {
        List<KeyValuePair<string, object?>> members = [new("interface", _name), new("kind", ControlNames.Of(told.Kind))];
        Add(members, "reason", told.Kind == TunnelEventKind.Dropped ? ControlNames.Of(told.Reason) : "");
        Add(members, "peer", told.Peer?.ToString() ?? "");
        Add(members, "remote", told.Remote.IsNone ? "" : told.Remote.ToString());
        Add(members, "before", told.Before.IsNone ? "" : told.Before.ToString());
        Add(members, "inner", told.Inner.ToString());
        Add(members, "owner", told.Owner?.ToString() ?? "");
        if (told.Number != 0)
        {
            members.Add(new("value", told.Number));
        }

        if (told.Untold != 0)
        {
            members.Add(new("untold", told.Untold));
        }

        return members;
    }

    private static void Add(List<KeyValuePair<string, object?>> members, string name, string value)
    {
        if (value.Length > 0)
        {
            members.Add(new(name, value));
        }
    }

    /// <summary>A line for people and its members for programs.</summary>
    private sealed class Line(List<KeyValuePair<string, object?>> members, string text) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        internal string Text => text;

        public int Count => members.Count;

        public KeyValuePair<string, object?> this[int index] => members[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => members.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
