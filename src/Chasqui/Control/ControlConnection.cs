using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>One client of our own control socket: a request a line comes in, and answers, a line or more each, go out.</summary>
internal sealed class ControlConnection(UnixStream stream, WireGuardDevice device, ControlLog log) : IControlConnection
{
    // A client that does not take its answer in this time is gone.
    private const int WriteTimeoutMilliseconds = 10_000;

    /// <inheritdoc/>
    public void Run()
    {
        try
        {
            stream.WriteTimeout = WriteTimeoutMilliseconds;
            using var writer = new AnswerWriter(stream);
            Serve(new LineReader(stream, ControlProtocol.MaxRequestLength), writer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            log.ConnectionEnded(exception.Message); // the client has gone or does not read, or the device has ended
        }
        catch (Exception exception)
        {
            log.ConnectionFailed(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <inheritdoc/>
    public void Abort()
    {
        try
        {
            stream.Shutdown();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private void Serve(LineReader lines, AnswerWriter writer)
    {
        bool isOpen = true;
        while (isOpen && lines.TryRead(out ReadOnlyMemory<byte> line))
        {
            isOpen = Perform(ControlRequestReader.Read(line, device.FindInterface), writer);
            writer.Flush();
        }

        if (lines.IsTooLong)
        {
            writer.WriteError(new ControlFailure(
                ControlProtocol.TooLong, $"a request has at most {ControlProtocol.MaxRequestLength} bytes; divide it into several"));
            writer.Flush();
        }
    }

    /// <summary>Answers a request.</summary>
    /// <returns>Whether the connection goes on.</returns>
    private bool Perform(ControlRequest request, AnswerWriter writer)
    {
        switch (request.Verb)
        {
            case ControlProtocol.Hello:
                writer.WriteHello(device.Name, Environment.ProcessId);
                return true;
            case ControlProtocol.Status:
                long next = device.Journal.End;
                writer.WriteStatus(device.Name, device.Status(), next);
                return true;
            case ControlProtocol.Events:
                TellEvents(request, writer);
                return !request.IsFollowing;
            case ControlProtocol.Set:
                Apply(request, writer);
                return true;
            default:
                log.Refused(request.Failure!.Code); // the sentence may hold what the client sent
                writer.WriteError(request.Failure);
                return request.Failure.Code != ControlProtocol.NotJson;
        }
    }

    private void Apply(ControlRequest request, AnswerWriter writer)
    {
        try
        {
            device.Apply(request.Change!);
            writer.WriteDone();
        }
        catch (LinuxException exception)
        {
            log.Refused(exception.Message);
            writer.WriteError(new ControlFailure(ControlProtocol.Refused, exception.Message, exception.Errno));
        }
    }

    private void TellEvents(ControlRequest request, AnswerWriter writer)
    {
        long end = device.Journal.End;
        long next = request.From ?? (request.IsFollowing ? end : 0);

        // A number that is still to come was another daemon's, which had got further.
        next = next > end ? 0 : next;
        if (request.IsFollowing)
        {
            Follow(next, writer);
        }
        else
        {
            WriteEvents(ref next, writer);
            writer.WriteEnd(next, isFollowing: false);
        }
    }

    /// <summary>Tells events as they come, until the client closes or says anything, or the daemon ends.</summary>
    private void Follow(long next, AnswerWriter writer)
    {
        using var news = new EventFd();
        using var poller = new Poller(2);
        int client = poller.Add(stream.Descriptor, PollEvents.Read);
        poller.Add(news.Descriptor, PollEvents.Read);
        device.EventSignals.Add(news);
        try
        {
            WriteEvents(ref next, writer);
            writer.WriteEnd(next, isFollowing: true);
            while (poller.Ready(client) == PollEvents.None)
            {
                writer.Flush();
                poller.Wait(Poller.Forever);
                _ = news.Clear();
                WriteEvents(ref next, writer);
            }
        }
        finally
        {
            device.EventSignals.Remove(news);
        }
    }

    private void WriteEvents(ref long next, AnswerWriter writer)
    {
        Moment now = Clock.Read();
        while (device.Journal.TryRead(ref next, out TunnelEvent told, out long lost))
        {
            if (lost > 0)
            {
                writer.WriteLost(lost);
            }

            writer.WriteEvent(next - 1, told, now);
        }
    }
}
