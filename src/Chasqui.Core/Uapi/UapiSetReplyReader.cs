namespace Chasqui.Core.Uapi;

/// <summary>Reads the answer to <c>set=1</c> as stock <c>wg</c> does: of all lines only <c>errno=</c> counts.</summary>
/// <remarks>Threads: one at a time. Source: wireguard-tools ipc-uapi.h.</remarks>
public sealed class UapiSetReplyReader
{
    private readonly UapiLineBuffer _lines = new(UapiReader.MaxLineLength);
    private int _errno = UapiError.Protocol;
    private bool _isOver;

    /// <summary>Takes bytes until the answer is over or none are left.</summary>
    /// <param name="bytes">What arrived; becomes what is left.</param>
    /// <param name="errno">
    /// Zero for success, else as it came; <see cref="UapiError.Protocol"/> if the answer is none. If the connection ends before the answer
    /// does, that is <see cref="UapiError.Protocol"/> too.
    /// </param>
    /// <returns>Whether the answer is over.</returns>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out int errno)
    {
        while (!_isOver)
        {
            UapiLineStatus status = _lines.Take(ref bytes, out ReadOnlySpan<byte> text);
            if (status == UapiLineStatus.Incomplete)
            {
                errno = UapiError.Protocol;
                return false;
            }

            _isOver = text.IsEmpty;
            if (status == UapiLineStatus.TooLong || (!text.IsEmpty && !TakeLine(text)))
            {
                _isOver = true;
                _errno = UapiError.Protocol;
            }
        }

        errno = _errno;
        return true;
    }

    private bool TakeLine(ReadOnlySpan<byte> text)
    {
        if (!UapiLine.TryCut(text, out UapiLine line))
        {
            return false;
        }

        if (line.Key != UapiKey.Errno)
        {
            return true;
        }

        bool isNegative = line.Value is [(byte)'-', ..];
        if (!UapiValue.TryParseNumber(isNegative ? line.Value[1..] : line.Value, int.MaxValue, out ulong number))
        {
            return false;
        }

        _errno = isNegative ? -(int)number : (int)number;
        return true;
    }
}
