using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>The events of a running daemon, as they come.</summary>
/// <remarks>Threads: one. The daemon waits for nobody: who reads too slowly is told how many events he has missed.</remarks>
public sealed class EventFollower : IDisposable
{
    private readonly UnixStream _stream;
    private readonly AnswerReader _answers;
    private readonly Poller _poller = new(1);
    private long _lost;

    /// <summary>Owns the stream, on which events have been asked for.</summary>
    internal EventFollower(UnixStream stream)
    {
        _stream = stream;
        _answers = new AnswerReader(stream);
        _ = _poller.Add(stream.Descriptor, PollEvents.Read);
    }

    /// <summary>Readable when there may be an event, for those who wait for other things too.</summary>
    /// <remarks>Take events without waiting until there is none before waiting for it: some may have been read already.</remarks>
    public FileDescriptor Descriptor => _stream.Descriptor;

    /// <summary>Whether all that had happened before this began has been taken.</summary>
    public bool IsUpToDate { get; private set; }

    /// <summary>Whether the daemon has ended, or the connection.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes the next event.</summary>
    /// <param name="timeoutMilliseconds">How long to wait for it; 0 for not at all, <see cref="Poller.Forever"/> for as long as it takes.</param>
    /// <param name="found">The event.</param>
    /// <returns><see langword="false"/> if none came in time, the past has been told (once), or the daemon has ended: <see cref="IsOver"/>.</returns>
    /// <exception cref="ControlException">The daemon refuses, or its answer is none.</exception>
    public bool TryRead(int timeoutMilliseconds, out FollowedEvent found)
    {
        found = default;
        while (TryFill(timeoutMilliseconds))
        {
            switch (_answers.ReadEvent(out FollowedEvent read))
            {
                case ControlProtocol.Event:
                    found = read with { Lost = _lost };
                    _lost = 0;
                    return true;
                case ControlProtocol.Lost:
                    _lost += read.Lost;
                    break;
                case ControlProtocol.Following:
                    IsUpToDate = true;
                    return false;
                default:
                    break; // a newer daemon's
            }
        }

        return false;
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose()
    {
        _poller.Dispose();
        _stream.Dispose();
    }

    /// <summary>Waits for a whole line.</summary>
    private bool TryFill(int timeoutMilliseconds)
    {
        while (!_answers.HasLine)
        {
            if (IsOver || _poller.Wait(timeoutMilliseconds) == 0)
            {
                return false;
            }

            try
            {
                IsOver = !_answers.Fill();
            }
            catch (LinuxException exception) when (exception.Errno == Errno.ECONNRESET)
            {
                IsOver = true;
            }
        }

        return true;
    }
}
