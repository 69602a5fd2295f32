using System.Buffers;
using System.Buffers.Text;
using Chasqui.Core.Uapi;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Control;

/// <summary>The keys of an interface's handshakes, for as long as this is open.</summary>
/// <remarks>Whatever the daemon has sent a handshake for, its keys are there to be taken. Threads: one at a time.</remarks>
public sealed class UapiKeyLog : IDisposable
{
    private const int BufferLength = 4096;

    private readonly UnixStream _stream;
    private readonly string _interfaceName;
    private readonly int _seconds;

    internal UapiKeyLog(UnixStream stream, string interfaceName, int seconds)
    {
        _stream = stream;
        _interfaceName = interfaceName;
        _seconds = seconds;
    }

    /// <summary>Takes the keys of the handshakes since the last time; the first call begins to keep them.</summary>
    /// <param name="into">Receives lines as Wireshark's key log has them; empty if there were no handshakes.</param>
    /// <exception cref="LinuxException">
    /// EBUSY: another is given the keys; ETIMEDOUT: the time is over; EPROTO and the like: the daemon gives none; ECONNRESET: it is gone.
    /// </exception>
    public void Take(SecretBuffer into)
    {
        ArgumentNullException.ThrowIfNull(into);
        using var request = new SecretBuffer();
        UapiRequestWriter.WriteKeyLog(_seconds, request);
        _stream.Write(request.WrittenSpan);
        using var answer = new SecretBuffer();
        Receive(answer);
        ReadOnlySpan<byte> text = answer.WrittenSpan[..^1];
        int last = text[..^1].LastIndexOf((byte)'\n') + 1;
        if (!text[last..].StartsWith("errno="u8) || !Utf8Parser.TryParse(text[(last + "errno=".Length)..], out int errno, out _))
        {
            throw new LinuxException("keylog", _interfaceName, Errno.EPROTO);
        }

        if (errno != UapiError.None)
        {
            throw new LinuxException("keylog", _interfaceName, Math.Abs(errno));
        }

        into.Write(text[..last]);
    }

    /// <summary>Ends it: the daemon forgets the keys.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>Receives up to an empty line.</summary>
    private void Receive(SecretBuffer answer)
    {
        do
        {
            int length = _stream.Read(answer.GetSpan(BufferLength));
            if (length == 0)
            {
                throw new LinuxException("keylog", _interfaceName, Errno.ECONNRESET);
            }

            answer.Advance(length);
        }
        while (!answer.WrittenSpan.EndsWith("\n\n"u8));
    }
}
