using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Tcp;

/// <summary>One TCP connection that never blocks.</summary>
/// <remarks>Threads: one. Failures are numbers and not exceptions: whoever connects makes them as he likes.</remarks>
public sealed unsafe class TcpConnection : IDisposable
{
    /// <summary>Wraps a connected socket, which never blocks, and takes ownership of it.</summary>
    public TcpConnection(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>For <see cref="Poller"/>.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Reads what has come.</summary>
    /// <returns>How many bytes; 0 at the end; an error number, negative: <see cref="Errno.EAGAIN"/> if nothing has come.</returns>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
            return Result(Libc.recv(Descriptor, pointer, (nuint)buffer.Length, Libc.MSG_DONTWAIT));
    }

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>How many bytes; an error number, negative: <see cref="Errno.EAGAIN"/> if there is no room.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
            return Result(Libc.send(Descriptor, pointer, (nuint)bytes.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL));
    }

    /// <summary>Says that nothing more is sent; what was sent still arrives.</summary>
    public void EndSending() => _ = Libc.shutdown(Descriptor, Libc.SHUT_WR);

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static int Result(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();
}
