using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Core.Keys;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Keys as text.</summary>
internal sealed class KeyTextTarget : IFuzzTarget
{
    public string Name => "keytext";

    public string Summary => "KeyText over any characters: as the framework reads them, and written again the same";

    public int MaxLength => 160;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, .. "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="u8],
        [0, .. "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="u8],
        [0, .. "/////////////////////////////////////////+8="u8],
        [0, .. "00112233445566778899aabbccddeeffAABBCCDDEEFF00112233445566778899"u8],
        [1, .. MemoryMarshal.AsBytes("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=".AsSpan())],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [.. new[] { "=", "==", "A=", "+", "/", " ", "\n" }.Select(Encoding.ASCII.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        CheckHex(input[1..]);

        // The first byte says whether the characters are one byte each or two.
        CheckBase64((input[0] & 1) == 0
            ? Encoding.Latin1.GetString(input[1..])
            : new string(MemoryMarshal.Cast<byte, char>(input[1..])));
    }

    private static void CheckBase64(string text)
    {
        Span<byte> key = stackalloc byte[32], expected = stackalloc byte[34];

        // The framework skips white space, and does not mind bits behind the end: one key has one text.
        bool isCanonical = text.Length == KeyText.Base64Length && Convert.TryFromBase64String(text, expected, out int length)
            && length == 32 && Convert.ToBase64String(expected[..32]) == text;
        Check.That(KeyText.TryParseBase64(text, key) == isCanonical);
        if (isCanonical)
        {
            Check.Same(key, expected[..32]);
            Check.Same(KeyText.ToBase64(key), text);
        }
    }

    private static void CheckHex(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[32], expected = stackalloc byte[32], again = stackalloc byte[KeyText.HexLength];
        bool isHex = text.Length == KeyText.HexLength;
        for (int i = 0; isHex && i < 32; i++)
        {
            // The framework takes zero bytes for the end of a number.
            isHex = !text.Slice(2 * i, 2).Contains((byte)0)
                && byte.TryParse(text.Slice(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out expected[i]);
        }

        Check.That(KeyText.TryParseHex(text, key) == isHex);
        if (isHex)
        {
            Check.Same(key, expected);
            KeyText.ToHex(key, again);
            Check.Same(Encoding.ASCII.GetString(again), Encoding.ASCII.GetString(text).ToLowerInvariant());
        }
    }
}
