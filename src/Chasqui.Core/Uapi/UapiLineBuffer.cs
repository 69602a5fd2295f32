using Chasqui.Core.Keys;

namespace Chasqui.Core.Uapi;

/// <summary>Cuts lines out of bytes that arrive in any pieces.</summary>
/// <remarks>
/// Ownership: a line is borrowed until the next call. It lies in the caller's bytes, which the caller zeroes, or, if it arrived in pieces,
/// in pinned memory of this object, which is zeroed as soon as the line is over.
/// </remarks>
internal sealed class UapiLineBuffer
{
    private readonly byte[] _pieces;
    private int _length;
    private bool _isOver;

    internal UapiLineBuffer(int maxLineLength) => _pieces = SecretMemory.Allocate(maxLineLength);

    internal bool IsEmpty => _length == 0 || _isOver;

    /// <summary>Takes bytes up to the end of a line, or all of them.</summary>
    /// <param name="bytes">What arrived; becomes what is left.</param>
    /// <param name="line">The line without its end.</param>
    internal UapiLineStatus Take(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        if (_isOver)
        {
            Clear();
        }

        int end = bytes.IndexOf((byte)'\n');
        int length = end < 0 ? bytes.Length : end;
        line = bytes[..length];
        bytes = bytes[(end < 0 ? length : length + 1)..];
        if (_length + (long)length > _pieces.Length)
        {
            return UapiLineStatus.TooLong;
        }

        if (end >= 0 && _length == 0)
        {
            return UapiLineStatus.Complete;
        }

        line.CopyTo(_pieces.AsSpan(_length));
        _length += length;
        line = _pieces.AsSpan(0, _length);
        _isOver = end >= 0;
        return _isOver ? UapiLineStatus.Complete : UapiLineStatus.Incomplete;
    }

    /// <summary>Forgets what has been taken in.</summary>
    internal void Clear()
    {
        SecretMemory.Zero(_pieces.AsSpan(0, _length));
        _length = 0;
        _isOver = false;
    }
}
