using Chasqui.Linux;
using Chasqui.Linux.Tcp;

namespace Chasqui.Metrics;

/// <summary>One connection of the metrics server: a request is read, an answer written, and the end waited for.</summary>
/// <remarks>
/// <code>
/// Reading -> Writing -> Draining -> (gone)     any of them -> (gone) on an error
/// </code>
/// Draining takes in what the client still sends: a connection that is closed with bytes unread is reset, and the answer lost with it.
/// </remarks>
internal sealed class MetricsClient(TcpConnection connection, long deadlineNanoseconds) : IDisposable
{
    private enum State
    {
        Reading,
        Writing,
        Draining,
    }

    private readonly byte[] _request = new byte[MetricsRequest.MaxLength];
    private ReadOnlyMemory<byte> _answer;
    private int _received;
    private State _state = State.Reading;

    /// <summary>The socket, for the poller.</summary>
    internal FileDescriptor Descriptor => connection.Descriptor;

    /// <summary>What to wait for.</summary>
    internal PollEvents Awaited => _state == State.Writing ? PollEvents.Write : PollEvents.Read;

    /// <summary>When the connection is given up, on <see cref="BootClock"/>.</summary>
    internal long DeadlineNanoseconds { get; } = deadlineNanoseconds;

    /// <summary>Goes on as far as it can without waiting.</summary>
    /// <param name="answer">Makes the answer to a request.</param>
    /// <returns>Whether the connection goes on.</returns>
    internal bool Advance(Func<MetricsRequest, byte[]> answer)
    {
        if (_state == State.Reading && !Read(answer))
        {
            return false;
        }

        if (_state == State.Writing && !Write())
        {
            return false;
        }

        return _state != State.Draining || Drain();
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static bool IsWaiting(int result) => result is -Errno.EAGAIN or -Errno.EINTR;

    private bool Read(Func<MetricsRequest, byte[]> answer)
    {
        int length = connection.Receive(_request.AsSpan(_received));
        if (length <= 0)
        {
            return IsWaiting(length);
        }

        _received += length;
        if (MetricsRequest.TryRead(_request.AsSpan(0, _received), out MetricsRequest request))
        {
            _answer = answer(request);
            _state = State.Writing;
        }

        return true;
    }

    private bool Write()
    {
        int length = connection.Send(_answer.Span);
        if (length < 0)
        {
            return IsWaiting(length);
        }

        _answer = _answer[length..];
        if (_answer.IsEmpty)
        {
            connection.EndSending();
            _state = State.Draining;
        }

        return true;
    }

    private bool Drain()
    {
        int length = connection.Receive(_request);
        return length > 0 || IsWaiting(length);
    }
}
