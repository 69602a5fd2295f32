using System.Buffers.Binary;

namespace Chasqui.Linux.Names;

/// <summary>The one thing that getaddrinfo(3) does not tell of an answer: how long it is good.</summary>
/// <remarks>Pure. What a name server sends is hostile input: nothing is followed, and nothing read twice. Source: RFC 1035 section 4, RFC 2181 section 8.</remarks>
internal static class DnsAnswer
{
    private const int HeaderLength = 12;
    private const int QuestionTailLength = 4;
    private const int RecordHeaderLength = 10;
    private const int LongestLabel = 63;
    private const byte PointerBits = 0xC0;
    private const ushort TypeA = 1, TypeCname = 5, TypeAaaa = 28;

    /// <summary>Finds the shortest time to live among the addresses and the aliases that led to them.</summary>
    /// <param name="message">A whole DNS message.</param>
    /// <param name="seconds">The time; at most 2^31 - 1.</param>
    /// <returns><see langword="false"/> if the message is cut, is no answer, or holds neither an address nor an alias.</returns>
    internal static bool TryReadTimeToLive(ReadOnlySpan<byte> message, out uint seconds)
    {
        seconds = uint.MaxValue;
        if (message.Length < HeaderLength)
            return false;

        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        ReadOnlySpan<byte> rest = message[HeaderLength..];
        for (int i = 0; i < questions; i++)
        {
            if (!TrySkipName(ref rest) || !TrySkip(ref rest, QuestionTailLength))
                return false;
        }

        for (int i = 0; i < answers; i++)
        {
            if (!TryReadRecord(ref rest, ref seconds))
                return false;
        }

        return seconds != uint.MaxValue;
    }

    private static bool TryReadRecord(ref ReadOnlySpan<byte> rest, ref uint seconds)
    {
        if (!TrySkipName(ref rest) || rest.Length < RecordHeaderLength)
            return false;

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(rest);
        uint timeToLive = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        if (type is TypeA or TypeAaaa or TypeCname)
            seconds = Math.Min(seconds, timeToLive > int.MaxValue ? 0 : timeToLive);

        return TrySkip(ref rest, RecordHeaderLength + length);
    }

    /// <summary>Passes a name: labels up to an empty one, or up to a pointer to the name's rest, which is not followed.</summary>
    private static bool TrySkipName(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            byte length = rest[0];
            if ((length & PointerBits) == PointerBits)
                return TrySkip(ref rest, 2);

            if (length > LongestLabel || !TrySkip(ref rest, 1 + length))
                return false;

            if (length == 0)
                return true;
        }

        return false;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, int length)
    {
        if (rest.Length < length)
            return false;

        rest = rest[length..];
        return true;
    }
}
