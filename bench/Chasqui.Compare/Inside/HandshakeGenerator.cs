using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Chasqui.Core.Wire;

namespace Chasqui.Compare.Inside;

/// <summary>Sends initiations that were made before, a few at a time, and counts the responses.</summary>
/// <remarks>It computes nothing while the clock runs, so that one core of it keeps one core of any daemon busy.</remarks>
internal sealed class HandshakeGenerator : IDisposable
{
    // Long: who gives up on answers that still come sends the daemon more than the window, and so into its overload.
    private const int TimeoutMilliseconds = 3000;

    private readonly HandshakeWork _work;
    private readonly byte[] _messages, _answers;
    private readonly bool[] _isWaiting;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    private HandshakeGenerator(HandshakeWork work)
    {
        _work = work;
        _messages = File.ReadAllBytes(work.Messages);
        _isWaiting = new bool[_messages.Length / InitiationView.Length];
        _answers = new byte[work.Peers * ResponseView.Length];
        _socket.ReceiveTimeout = TimeoutMilliseconds;
        _socket.Connect(work.Responder);
    }

    /// <summary>
    /// Prints two lines, a <see cref="HandshakeTally"/> each: the first round, in which the daemon hears each peer for the first time, and all
    /// the others.
    /// </summary>
    public static int Run(HandshakeWork work)
    {
        using var generator = new HandshakeGenerator(work);
        Console.WriteLine(generator.Measure(0, work.Peers).Text);
        Console.WriteLine(generator.Measure(work.Peers, generator._isWaiting.Length).Text);
        File.WriteAllBytes(work.Answers, generator._answers);
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private HandshakeTally Measure(int from, int to)
    {
        using var daemon = Process.GetProcessById(_work.Daemon);
        using var itself = Process.GetCurrentProcess();
        TimeSpan daemonBefore = daemon.TotalProcessorTime, ownBefore = itself.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp(), last = start;
        int next = from, answered = 0, lost = 0, cookies = 0;
        while (next < to || answered + lost + cookies < to - from)
        {
            int outstanding = next - from - answered - lost - cookies;
            if (next < to && outstanding < _work.Window)
            {
                Send(next++);
                continue;
            }

            switch (Receive())
            {
                case Answer.Response:
                    answered++;
                    last = Stopwatch.GetTimestamp();
                    break;
                case Answer.Cookie:
                    cookies++;
                    break;
                case Answer.None:
                    lost += outstanding;
                    break;
            }
        }

        daemon.Refresh();
        itself.Refresh();
        return new HandshakeTally(
            answered,
            lost,
            cookies,
            Stopwatch.GetElapsedTime(start, last).TotalSeconds,
            (daemon.TotalProcessorTime - daemonBefore).TotalSeconds,
            (itself.TotalProcessorTime - ownBefore).TotalSeconds);
    }

    private void Send(int message)
    {
        _isWaiting[message] = true;
        _socket.Send(_messages.AsSpan(message * InitiationView.Length, InitiationView.Length));
    }

    private Answer Receive()
    {
        Span<byte> datagram = stackalloc byte[InitiationView.Length];
        int length = _socket.Receive(datagram, SocketFlags.None, out SocketError error);
        if (error is SocketError.TimedOut or SocketError.WouldBlock or SocketError.ConnectionRefused) return Answer.None;
        if (error != SocketError.Success) throw new SocketException((int)error);
        switch (Datagram.Classify(datagram[..length]))
        {
            case MessageType.CookieReply: return Answer.Cookie;
            case MessageType.Response: return Take(datagram[..length]) ? Answer.Response : Answer.Other;
            default: return Answer.Other;
        }
    }

    /// <summary>Whether a response answers an initiation that waits; it is kept, and the last round's stay.</summary>
    private bool Take(ReadOnlySpan<byte> response)
    {
        uint message = BinaryPrimitives.ReadUInt32LittleEndian(response[8..]);
        if (message >= _isWaiting.Length || !_isWaiting[message]) return false;
        _isWaiting[message] = false;
        response.CopyTo(_answers.AsSpan((int)message % _work.Peers * ResponseView.Length));
        return true;
    }

    private enum Answer
    {
        /// <summary>Nothing has come in time.</summary>
        None,

        /// <summary>A response to an initiation that waited for one.</summary>
        Response,

        /// <summary>A request to prove the address.</summary>
        Cookie,

        /// <summary>Something else, or a response too late or twice.</summary>
        Other,
    }
}
