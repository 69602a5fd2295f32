namespace Chasqui.Core.Keys;

/// <summary>Keys as text: base64 for people, hexadecimal for UAPI, both in time that does not depend on the key.</summary>
/// <remarks>Source: wg(8); the kernel's and wireguard-tools' constant-time encodings. No table look-up, no secret-dependent branch.</remarks>
public static class KeyText
{
    /// <summary>Length of a key in base64: 43 characters and one '='.</summary>
    public const int Base64Length = 44;

    /// <summary>Length of a key in hexadecimal.</summary>
    public const int HexLength = 64;

    /// <summary>Writes a 32-byte key as 44 base64 characters.</summary>
    public static void ToBase64(ReadOnlySpan<byte> key, Span<char> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ProtocolConstants.KeyLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Base64Length);
        for (int i = 0; i < 10; i++)
        {
            int bits = (key[3 * i] << 16) | (key[(3 * i) + 1] << 8) | key[(3 * i) + 2];
            WriteQuad(bits, destination.Slice(4 * i, 4));
        }

        int last = (key[30] << 16) | (key[31] << 8);
        WriteQuad(last, destination.Slice(40, 4));
        destination[43] = '=';
    }

    /// <summary>A 32-byte key as 44 base64 characters. For public keys; a secret goes to a caller's span.</summary>
    public static string ToBase64(ReadOnlySpan<byte> key)
    {
        Span<char> text = stackalloc char[Base64Length];
        ToBase64(key, text);
        return new string(text);
    }

    /// <summary>Reads 44 base64 characters into 32 bytes.</summary>
    /// <returns>Whether <paramref name="text"/> is exactly one key; the time taken does not depend on where it is wrong.</returns>
    public static bool TryParseBase64(ReadOnlySpan<char> text, Span<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, ProtocolConstants.KeyLength);
        if (text.Length != Base64Length || text[43] != '=')
        {
            return false;
        }

        int wrong = 0;
        for (int i = 0; i < 10; i++)
        {
            int bits = ReadQuad(text.Slice(4 * i, 4));
            wrong |= bits;
            key[3 * i] = (byte)(bits >> 16);
            key[(3 * i) + 1] = (byte)(bits >> 8);
            key[(3 * i) + 2] = (byte)bits;
        }

        int last = ReadQuad([text[40], text[41], text[42], 'A']);
        wrong |= last | -(last & 0xff); // the two bits past the key's end must be zero
        key[30] = (byte)(last >> 16);
        key[31] = (byte)(last >> 8);
        return wrong >= 0;
    }

    /// <summary>Writes a 32-byte key as 64 lower-case hexadecimal digits.</summary>
    public static void ToHex(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, ProtocolConstants.KeyLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, HexLength);
        for (int i = 0; i < key.Length; i++)
        {
            destination[2 * i] = HexDigit(key[i] >> 4);
            destination[(2 * i) + 1] = HexDigit(key[i] & 15);
        }
    }

    /// <summary>Reads 64 hexadecimal digits of either case into 32 bytes.</summary>
    /// <returns>Whether <paramref name="text"/> is exactly one key.</returns>
    public static bool TryParseHex(ReadOnlySpan<byte> text, Span<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, ProtocolConstants.KeyLength);
        if (text.Length != HexLength)
        {
            return false;
        }

        int wrong = 0;
        for (int i = 0; i < ProtocolConstants.KeyLength; i++)
        {
            int high = HexValue(text[2 * i]), low = HexValue(text[(2 * i) + 1]);
            wrong |= high | low;
            key[i] = (byte)((high << 4) | low);
        }

        return wrong >= 0;
    }

    private static void WriteQuad(int bits, Span<char> destination)
    {
        for (int i = 0; i < 4; i++)
        {
            destination[i] = Base64Digit((bits >> (18 - (6 * i))) & 63);
        }
    }

    /// <summary>Four digits as 24 bits; negative if one of them is no digit.</summary>
    private static int ReadQuad(ReadOnlySpan<char> text)
    {
        int bits = 0, wrong = 0;
        foreach (char c in text)
        {
            int value = Base64Value(c);
            wrong |= value;
            bits = (bits << 6) | (value & 63);
        }

        return bits | (wrong & int.MinValue);
    }

    // Each term is all ones in its range and zero outside: (a - x) >> 31 is -1 when x > a.

    private static char Base64Digit(int value) => (char)(
        value + 'A'
        + (((25 - value) >> 31) & ('a' - 'A' - 26))
        - (((51 - value) >> 31) & ('a' + 26 - '0'))
        - (((61 - value) >> 31) & ('0' + 10 - '+'))
        + (((62 - value) >> 31) & ('/' - '+' - 1)));

    private static int Base64Value(char c) =>
        -1
        + (InRange(c, 'A', 'Z') & (c - 'A' + 1))
        + (InRange(c, 'a', 'z') & (c - 'a' + 27))
        + (InRange(c, '0', '9') & (c - '0' + 53))
        + (InRange(c, '+', '+') & 63)
        + (InRange(c, '/', '/') & 64);

    private static byte HexDigit(int value) => (byte)(value + '0' + (((9 - value) >> 31) & ('a' - '0' - 10)));

    private static int HexValue(byte c) =>
        -1
        + (InRange(c, '0', '9') & (c - '0' + 1))
        + (InRange(c, 'a', 'f') & (c - 'a' + 11))
        + (InRange(c, 'A', 'F') & (c - 'A' + 11));

    /// <summary>All ones if <paramref name="value"/> lies between the bounds, else zero.</summary>
    private static int InRange(int value, int low, int high) => ((low - 1 - value) & (value - high - 1)) >> 31;
}
