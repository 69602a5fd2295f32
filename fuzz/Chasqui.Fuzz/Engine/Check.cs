using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Chasqui.Fuzz.Engine;

/// <summary>What must hold for every input.</summary>
internal static class Check
{
    /// <summary>Ends the run with a finding if <paramref name="isTrue"/> is not.</summary>
    internal static void That(
        [DoesNotReturnIf(false)] bool isTrue, [CallerArgumentExpression(nameof(isTrue))] string? invariant = null)
    {
        if (!isTrue)
        {
            throw new BrokenInvariantException($"does not hold: {invariant}");
        }
    }

    /// <summary>Ends the run with a finding if two pieces of bytes differ.</summary>
    internal static void Same(
        ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected, [CallerArgumentExpression(nameof(actual))] string? what = null)
    {
        int common = actual.CommonPrefixLength(expected);
        if (common != actual.Length || common != expected.Length)
        {
            throw new BrokenInvariantException(
                $"{what} differs from byte {common}: {actual.Length} bytes {Show(actual[common..])}, expected {expected.Length} bytes {Show(expected[common..])}");
        }
    }

    /// <summary>Ends the run with a finding if two texts differ.</summary>
    internal static void Same(string actual, string expected, [CallerArgumentExpression(nameof(actual))] string? what = null)
    {
        if (actual != expected)
        {
            throw new BrokenInvariantException($"{what} differs:\n{actual}\nexpected\n{expected}");
        }
    }

    private static string Show(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes[..Math.Min(bytes.Length, 24)]);
}
