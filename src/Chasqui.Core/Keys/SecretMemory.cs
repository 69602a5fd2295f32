using System.Security.Cryptography;

namespace Chasqui.Core.Keys;

/// <summary>Secret bytes in memory that the collector never moves, so that zeroing them leaves no copy behind.</summary>
internal static class SecretMemory
{
    /// <summary>Allocates pinned, zeroed memory for a secret.</summary>
    internal static byte[] Allocate(int lengthBytes) => GC.AllocateArray<byte>(lengthBytes, pinned: true);

    /// <summary>Allocates pinned memory with a copy of <paramref name="source"/>.</summary>
    internal static byte[] Copy(ReadOnlySpan<byte> source)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(source.Length, pinned: true);
        source.CopyTo(copy);
        return copy;
    }

    /// <summary>Zeroes a secret; the compiler may not leave the write out.</summary>
    internal static void Zero(Span<byte> secret) => CryptographicOperations.ZeroMemory(secret);

    /// <summary>Whether all bytes are zero, in time that depends on the length only.</summary>
    internal static bool IsZero(ReadOnlySpan<byte> secret)
    {
        int bits = 0;
        foreach (byte b in secret)
        {
            bits |= b;
        }

        return bits == 0;
    }
}
