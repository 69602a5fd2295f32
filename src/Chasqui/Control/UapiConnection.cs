using System.Buffers;
using System.Security.Cryptography;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Uapi;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>One client of the control socket: operations come in, are applied whole or not at all, and answers go out.</summary>
internal sealed class UapiConnection(UnixStream stream, WireGuardDevice device, ControlLog log) : IControlConnection
{
    private const int BufferLength = 4 * 1024;

    // A client that does not take its answer in this time is gone.
    private const int WriteTimeoutMilliseconds = 10_000;

    // While this client is given the keys of handshakes; what it does not take in that time ends with the connection.
    private KeyLog? _keyLog;
    private long _keyLogEnd;

    /// <inheritdoc/>
    public void Run()
    {
        byte[] buffer = GC.AllocateArray<byte>(BufferLength, pinned: true);
        try
        {
            stream.WriteTimeout = WriteTimeoutMilliseconds;
            Serve(buffer);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            log.ConnectionEnded(exception.Message); // the client has gone or does not read, or the device has ended
        }
        catch (Exception exception)
        {
            log.ConnectionFailed(exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
            EndKeyLog();
        }
    }

    /// <summary>Closes the connection, after <see cref="Run"/>.</summary>
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

    private void Serve(byte[] buffer)
    {
        using var reader = new UapiReader(device.FindInterface);
        bool isOpen = true;
        while (isOpen)
        {
            stream.ReadTimeout = _keyLog is null ? Poller.Forever : (int)Math.Max(0, _keyLogEnd - Environment.TickCount64);
            int length = stream.Read(buffer);
            isOpen = length > 0 && TakeBytes(reader, buffer.AsSpan(0, length));
        }
    }

    /// <summary>Performs every operation that the bytes complete.</summary>
    /// <returns>Whether the connection goes on.</returns>
    private bool TakeBytes(UapiReader reader, ReadOnlySpan<byte> bytes)
    {
        while (reader.TryRead(ref bytes, out UapiOperation? operation))
        {
            using (operation)
            {
                if (!Perform(operation))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool Perform(UapiOperation operation)
    {
        switch (operation.Kind)
        {
            case UapiOperationKind.Get:
                AnswerGet();
                return true;
            case UapiOperationKind.Set:
                Answer(Apply(operation.Change!));
                return true;
            case UapiOperationKind.KeyLog:
                AnswerKeyLog(operation.KeyLogSeconds);
                return true;
            default:
                log.Refused(operation.Failure!.Sentence);
                Answer(operation.Failure.Errno);
                return false;
        }
    }

    private int Apply(DeviceChange change)
    {
        try
        {
            device.Apply(change);
            return UapiError.None;
        }
        catch (LinuxException exception)
        {
            log.Refused(exception.Message);
            return -exception.Errno;
        }
    }

    private void AnswerGet()
    {
        byte[] text = GC.AllocateArray<byte>(BufferLength, pinned: true);
        using DeviceSnapshot snapshot = device.Snapshot();
        try
        {
            var writer = new UapiWriter(snapshot);
            while (!writer.IsDone)
            {
                stream.Write(text.AsSpan(0, writer.Write(text)));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text); // an answer holds keys
        }
    }

    /// <summary>Gives the keys of the handshakes since the last time; the first time there are none yet.</summary>
    private void AnswerKeyLog(int seconds)
    {
        if (_keyLog is null)
        {
            _keyLog = device.BeginKeyLog(TimeSpan.FromSeconds(seconds));
            _keyLogEnd = Environment.TickCount64 + (1000L * seconds);
        }

        if (_keyLog is null)
        {
            Answer(UapiError.Busy);
            return;
        }

        using var text = new SecretBuffer();
        UapiWriter.WriteError(device.TryTakeKeys(_keyLog, text) ? UapiError.None : UapiError.TimedOut, text);
        stream.Write(text.WrittenSpan);
    }

    private void EndKeyLog()
    {
        if (_keyLog is not null)
        {
            device.EndKeyLog(_keyLog);
        }
    }

    private void Answer(int errno)
    {
        var text = new ArrayBufferWriter<byte>();
        UapiWriter.WriteError(errno, text);
        stream.Write(text.WrittenSpan);
    }
}
