using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>The ChaCha20 stream cipher, and HChaCha20, on any machine that .NET runs on.</summary>
/// <remarks>
/// A block is four rows of four words, a row a vector. Two blocks go through the rounds side by side, because one alone
/// is a chain in which every step waits for the one before it. Constant time: additions, XORs and fixed moves only.
/// Source: RFC 8439 section 2.3, where WireGuard's nonce is four zero bytes and the counter.
/// </remarks>
internal static class ChaCha20
{
    /// <summary>Length of a block in bytes.</summary>
    internal const int BlockLength = 64;

    /// <summary>Length in bytes of the two blocks that are computed together.</summary>
    internal const int PairLength = 2 * BlockLength;

    /// <summary>Row 0.</summary>
    internal static ReadOnlySpan<byte> Sigma => "expand 32-byte k"u8;

    /// <summary>Encrypts or decrypts <paramref name="text"/> in place with the keystream from <paramref name="block"/> on.</summary>
    internal static void Xor(ReadOnlySpan<byte> key, ulong nonce, uint block, Span<byte> text) =>
        Xor(key, Vector128.Create(block, 0, (uint)nonce, (uint)(nonce >> 32)), text);

    /// <summary>As the other overload, with the 12-byte nonce of RFC 8439.</summary>
    internal static void Xor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce12, uint block, Span<byte> text)
    {
        ReadOnlySpan<uint> nonce = MemoryMarshal.Cast<byte, uint>(nonce12);
        Xor(key, Vector128.Create(block, nonce[0], nonce[1], nonce[2]), text);
    }

    /// <summary>XORs <paramref name="text"/> with as many bytes of <paramref name="stream"/>.</summary>
    internal static void Xor(Span<byte> text, ReadOnlySpan<byte> stream)
    {
        stream = stream[..text.Length];
        int i = 0;
        for (; i <= text.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128.Create(text[i..]) ^ Vector128.Create(stream[i..])).CopyTo(text[i..]);
        }

        for (; i < text.Length; i++)
        {
            text[i] ^= stream[i];
        }
    }

    /// <summary>HChaCha20: a subkey of a key and the first 16 bytes of a long nonce. Source: draft-irtf-cfrg-xchacha-03 section 2.2.</summary>
    internal static void DeriveSubkey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce16, Span<byte> subkey)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(key);
        Vector128<uint> a = Vector128.Create(Sigma).AsUInt32(), b = Vector128.Create(words), c = Vector128.Create(words[4..]);
        Vector128<uint> d = Vector128.Create(nonce16).AsUInt32(), e = a, f = b, g = c, h = d; // the second block is for nobody
        Rounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
        a.AsByte().CopyTo(subkey);
        d.AsByte().CopyTo(subkey[Vector128<byte>.Count..]);
    }

    private static void Xor(ReadOnlySpan<byte> key, Vector128<uint> blockAndNonce, Span<byte> text)
    {
        for (; text.Length >= PairLength; text = text[PairLength..], blockAndNonce += Vector128.Create(2u, 0, 0, 0))
        {
            XorPair(key, blockAndNonce, MemoryMarshal.Cast<byte, uint>(text[..PairLength]));
        }

        if (text.IsEmpty) return;
        Span<byte> stream = stackalloc byte[PairLength];
        stream.Clear();
        XorPair(key, blockAndNonce, MemoryMarshal.Cast<byte, uint>(stream));
        Xor(text, stream);
        SecretMemory.Zero(stream);
    }

    private static void XorPair(ReadOnlySpan<byte> key, Vector128<uint> row3, Span<uint> text)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(key);
        Vector128<uint> row0 = Vector128.Create(Sigma).AsUInt32(), row1 = Vector128.Create(words), row2 = Vector128.Create(words[4..]);
        Vector128<uint> next3 = row3 + Vector128.Create(1u, 0, 0, 0);

        Vector128<uint> a = row0, b = row1, c = row2, d = row3, e = row0, f = row1, g = row2, h = next3;
        Rounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);

        XorRow(text, 0, a + row0);
        XorRow(text, 4, b + row1);
        XorRow(text, 8, c + row2);
        XorRow(text, 12, d + row3);
        XorRow(text, 16, e + row0);
        XorRow(text, 20, f + row1);
        XorRow(text, 24, g + row2);
        XorRow(text, 28, h + next3);
    }

    /// <summary>The twenty rounds of two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d,
        ref Vector128<uint> e, ref Vector128<uint> f, ref Vector128<uint> g, ref Vector128<uint> h)
    {
        for (int i = 0; i < 10; i++)
        {
            QuarterRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            Turn(ref b, ref c, ref d);
            Turn(ref f, ref g, ref h);
            QuarterRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h);
            Turn(ref d, ref c, ref b);
            Turn(ref h, ref g, ref f);
        }
    }

    /// <summary>The four quarter rounds of each of two blocks. Source: RFC 8439 section 2.1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRounds(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d,
        ref Vector128<uint> e, ref Vector128<uint> f, ref Vector128<uint> g, ref Vector128<uint> h)
    {
        a += b; e += f; d = Rotate(d ^ a, 16); h = Rotate(h ^ e, 16);
        c += d; g += h; b = Rotate(b ^ c, 12); f = Rotate(f ^ g, 12);
        a += b; e += f; d = Rotate(d ^ a, 8); h = Rotate(h ^ e, 8);
        c += d; g += h; b = Rotate(b ^ c, 7); f = Rotate(f ^ g, 7);
    }

    /// <summary>Turns rows by one, two and three words: columns become diagonals and, with the rows reversed, columns again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(ref Vector128<uint> by1, ref Vector128<uint> by2, ref Vector128<uint> by3)
    {
        by1 = Vector128.Shuffle(by1, Vector128.Create(1u, 2, 3, 0));
        by2 = Vector128.Shuffle(by2, Vector128.Create(2u, 3, 0, 1));
        by3 = Vector128.Shuffle(by3, Vector128.Create(3u, 0, 1, 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> x, int bits) => (x << bits) | (x >>> (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void XorRow(Span<uint> text, int at, Vector128<uint> row) =>
        (Vector128.Create(text.Slice(at, 4)) ^ row).CopyTo(text.Slice(at, 4));
}
