namespace Chasqui.Control;

/// <summary>Cuts a stream into lines of a limited length.</summary>
/// <remarks>Threads: one. What a read that failed had got so far is kept, so that a timeout loses nothing.</remarks>
/// <param name="stream">Where from; stays the caller's.</param>
/// <param name="maxLength">The longest line in bytes, its line feed not counted.</param>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private const int InitialLength = 4096;

    private byte[] _buffer = new byte[Math.Min(InitialLength, maxLength + 1)];
    private int _start; // of the line that is next
    private int _end;
    private int _searched; // there is no line feed before it

    /// <summary>Whether the last line had no end within the limit; nothing is read after that.</summary>
    internal bool IsTooLong { get; private set; }

    /// <summary>Whether a line has been read that was not taken.</summary>
    internal bool HasLine
    {
        get
        {
            int length = _buffer.AsSpan(_searched.._end).IndexOf((byte)'\n');
            _searched = length < 0 ? _end : _searched + length;
            return length >= 0;
        }
    }

    /// <summary>Takes a line that has been read already.</summary>
    /// <param name="line">The line without its line feed; valid until the next call.</param>
    internal bool TryTake(out ReadOnlyMemory<byte> line)
    {
        line = default;
        if (!HasLine)
        {
            return false;
        }

        line = _buffer.AsMemory(_start.._searched);
        _start = ++_searched;
        return true;
    }

    /// <summary>Reads once, and waits for as long as the stream does.</summary>
    /// <returns><see langword="false"/> at the stream's end, and when a line is too long.</returns>
    /// <exception cref="IOException">What the stream throws.</exception>
    internal bool Read()
    {
        MakeRoom();
        if (_end == _buffer.Length)
        {
            IsTooLong = true;
            return false;
        }

        int length = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += length;
        return length > 0;
    }

    /// <summary>Reads until there is a line.</summary>
    /// <returns><see langword="false"/> at the stream's end, and when a line is too long.</returns>
    internal bool TryRead(out ReadOnlyMemory<byte> line)
    {
        while (!TryTake(out line))
        {
            if (!Read())
            {
                return false;
            }
        }

        return true;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }

        // One byte more than the longest line: its line feed.
        if (_end == _buffer.Length && _buffer.Length <= maxLength)
        {
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, maxLength + 1L));
        }
    }
}
