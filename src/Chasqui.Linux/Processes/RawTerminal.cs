using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Processes;

/// <summary>The terminal that a person sits at, key by key and without echo, until this is disposed of.</summary>
/// <remarks>Source: termios(3). Keys such as Ctrl-C come as bytes and send no signal. Threads: one.</remarks>
public sealed unsafe class RawTerminal : IDisposable
{
    private readonly FileDescriptor _output;
    private readonly Libc.termios _before;
    private bool _isDisposed;

    private RawTerminal(FileDescriptor input, FileDescriptor output, in Libc.termios before)
    {
        Descriptor = input;
        _output = output;
        _before = before;
    }

    /// <summary>For <see cref="Poller"/>: readable when a key was pressed.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Takes the terminal over, if standard input and output are one.</summary>
    /// <returns>The terminal; null if there is none.</returns>
    public static RawTerminal? TryOpen() => TryOpen(FileDescriptor.Borrow(StandardStream.Input), FileDescriptor.Borrow(StandardStream.Output));

    /// <summary>As <see cref="TryOpen()"/>, of other descriptors.</summary>
    internal static RawTerminal? TryOpen(FileDescriptor input, FileDescriptor output)
    {
        Libc.termios before, raw;
        if (Libc.isatty(output.DangerousFd) != 1 || Libc.tcgetattr(input, &before) != 0)
            return null;

        raw = before;
        Libc.cfmakeraw(&raw);
        return Libc.tcsetattr(input, Libc.TCSAFLUSH, &raw) == 0 ? new RawTerminal(input, output, before) : null;
    }

    /// <summary>How large the terminal is at this moment; 24 lines of 80 if it does not know.</summary>
    /// <param name="rows">Lines.</param>
    /// <param name="columns">Cells in a line.</param>
    public void Measure(out int rows, out int columns)
    {
        Libc.winsize size;
        bool isKnown = Libc.ioctl(_output, Libc.TIOCGWINSZ, &size) == 0 && size is { ws_row: > 0, ws_col: > 0 };
        rows = isKnown ? size.ws_row : 24;
        columns = isKnown ? size.ws_col : 80;
    }

    /// <summary>Takes what was typed. Waits if nothing was.</summary>
    /// <returns>How many bytes; 0 if the terminal is gone.</returns>
    public int Read(Span<byte> keys)
    {
        fixed (byte* pointer = keys)
            return (int)Math.Max(Libc.read(Descriptor, pointer, (nuint)keys.Length), 0);
    }

    /// <summary>Gives the terminal back as it was. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        Libc.termios before = _before;
        _ = Libc.tcsetattr(Descriptor, Libc.TCSAFLUSH, &before);
    }
}
