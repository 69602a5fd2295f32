using System.Globalization;
using System.Text;

namespace Chasqui.Core.RouterOs;

/// <summary>Strings of RouterOS scripts.</summary>
/// <remarks>
/// Bytes to RouterOS: what is no ASCII is written as escapes of UTF-8, and read as UTF-8, else as Latin-1, which old tools wrote.
/// Source: MikroTik's manual, "Scripting", constant escape sequences.
/// </remarks>
internal static class RouterOsString
{
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#%&'()*+,-./:;<=>@[]^_`{|}~";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text in quotes: no character in it ends the string, starts a variable or asks for help.</summary>
    internal static string Quote(ReadOnlySpan<char> text)
    {
        var quoted = new StringBuilder("\"");
        foreach (byte b in Encode(text))
        {
            char c = (char)b;
            if (c is '"' or '\\' or '$')
            {
                quoted.Append('\\').Append(c);
            }
            else if (Plain.Contains(c, StringComparison.Ordinal))
            {
                quoted.Append(c);
            }
            else
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\{b:X2}");
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>The byte of an escape with one letter; null if there is no such escape.</summary>
    internal static byte? Escape(char letter) => letter switch
    {
        '"' or '\\' or '$' or '?' => (byte)letter,
        'n' => (byte)'\n',
        'r' => (byte)'\r',
        't' => (byte)'\t',
        'a' => 7,
        'b' => 8,
        'v' => 11,
        'f' => 12,
        '_' => (byte)' ',
        _ => null,
    };

    /// <summary>The bytes of a text; half characters become U+FFFD.</summary>
    internal static byte[] Encode(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        _ = Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>The text of a string's bytes.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
