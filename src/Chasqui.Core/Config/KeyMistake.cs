using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>Tells what is wrong with a text that should be a key, and never any of it: it may be most of a secret.</summary>
internal static class KeyMistake
{
    private const string CopyAgain = "copy it again from where it was made";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>A sentence about a text that <see cref="KeyText.TryParseBase64"/> refuses.</summary>
    internal static string Of(ReadOnlySpan<char> value)
    {
        if (value.Length == KeyText.HexLength && !value.ContainsAnyExcept(HexDigits))
        {
            return "the value is a key in hexadecimal; give the same 32 bytes in base64, 44 characters.";
        }

        if (value.Length != KeyText.Base64Length)
        {
            string length = value.Length.ToString(CultureInfo.InvariantCulture);
            return $"the value has {length} characters; a key in base64 has 44, the last one '='.";
        }

        if (value.ContainsAny('-', '_'))
        {
            return "the value has '-' or '_', which are of another alphabet; write '+' for '-' and '/' for '_'.";
        }

        return IsBase64(value)
            ? $"the value's last digit has bits that 32 bytes do not have; {CopyAgain}."
            : $"the value is no key in base64; {CopyAgain}.";
    }

    /// <summary>Whether the framework, which does not look at bits behind the end, reads 32 bytes.</summary>
    private static bool IsBase64(ReadOnlySpan<char> value)
    {
        Span<byte> key = stackalloc byte[KeyText.Base64Length];
        try
        {
            return Convert.TryFromBase64Chars(value, key, out int length) && length == ProtocolConstants.KeyLength;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
