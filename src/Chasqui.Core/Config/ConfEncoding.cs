using System.Buffers;
using System.Text;

namespace Chasqui.Core.Config;

/// <summary>A file's bytes as text and back, whatever they are: UTF-8, with a place for each byte that is none.</summary>
/// <remarks>
/// A byte that is no UTF-8 becomes half a character, from U+DC80 to U+DCFF, which no valid text has; such text is never taken for a name
/// and never accepted as a value. No byte order mark is added or taken away.
/// </remarks>
public static class ConfEncoding
{
    private const char FirstEscape = '\udc80';
    private const char LastEscape = '\udcff';
    private const char EscapeBase = '\udc00';

    /// <summary>The text of any bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed);
            if (status == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                consumed = 1;
                text.Append((char)(EscapeBase + bytes[0]));
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text that <see cref="Decode"/> made, and of any valid text.</summary>
    /// <remarks>Half characters that stand for no byte become U+FFFD.</remarks>
    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(text.Length, 1));
        while (!text.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf16(text, out Rune rune, out int consumed);
            if (status != OperationStatus.Done && text[0] is >= FirstEscape and <= LastEscape)
            {
                bytes.Write([(byte)(text[0] - EscapeBase)]);
                consumed = 1;
            }
            else
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }

            text = text[consumed..];
        }

        return bytes.WrittenSpan.ToArray();
    }
}
