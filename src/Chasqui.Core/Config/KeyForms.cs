using System.Buffers;
using System.Text;

namespace Chasqui.Core.Config;

/// <summary>Hides in a text for a person what may be a key: somebody has written one where something else belongs.</summary>
/// <remarks>A key is 43 characters of base64 and an equals sign, or 64 of hexadecimal; one with a few characters too many or too few counts too.</remarks>
internal static class KeyForms
{
    /// <summary>What stands in a key's place.</summary>
    internal const string Hidden = "(a key, not shown)";

    private const int Base64Digits = 43;
    private const int LeastBase64Digits = 40;
    private const int HexDigits = 64;

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The text, with <see cref="Hidden"/> in the place of whatever has a key's form.</summary>
    internal static string Hide(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            int length = RunLength(text);
            bool hasEquals = length < text.Length && text[length] == '=';
            bool isKey = IsKey(text[..length], hasEquals);
            int end = length < text.Length && (hasEquals || length == 0) ? length + 1 : length;
            _ = isKey ? shown.Append(Hidden) : shown.Append(text[..end]);
            text = text[end..];
        }

        return shown.ToString();
    }

    /// <summary>How many characters of base64 the text begins with.</summary>
    private static int RunLength(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Base64) is var end && end < 0 ? text.Length : end;

    /// <summary>Whether so many characters of base64 may be a key; paths are runs of them too, but seldom of all kinds.</summary>
    private static bool IsKey(ReadOnlySpan<char> run, bool hasEquals)
    {
        bool hasAllKinds = run.ContainsAnyInRange('A', 'Z') && run.ContainsAnyInRange('a', 'z') && run.ContainsAnyInRange('0', '9');
        return run.Length == Base64Digits || (run.Length >= LeastBase64Digits && (hasEquals || hasAllKinds)) || HoldsHexKey(run);
    }

    private static bool HoldsHexKey(ReadOnlySpan<char> run)
    {
        for (; run.Length >= HexDigits; run = run[1..])
        {
            int end = run[..HexDigits].LastIndexOfAnyExcept(Hex);
            if (end < 0)
            {
                return true;
            }

            run = run[end..];
        }

        return false;
    }
}
