using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Chasqui.Core.Crypto;

/// <summary>The Poly1305 authenticator as the AEAD without associated data uses it, on any machine that .NET runs on.</summary>
/// <remarks>
/// Numbers are five limbs of 26 bits: products and their sums fit 64 bits, carries are shifts, and nothing is compared, so
/// that no compiler at any level of optimisation can make a branch of a secret. Source: RFC 8439 sections 2.5 and 2.8.
/// </remarks>
internal static class Poly1305
{
    private const ulong Limb = (1 << 26) - 1;
    private const int BlockLength = 16;

    /// <summary>The tag of <paramref name="text"/>: over the text padded with zeros to 16 bytes and the two lengths.</summary>
    /// <param name="key">32 bytes: r (clamped here), then s.</param>
    /// <param name="text">The ciphertext; may be empty.</param>
    internal static UInt128 Tag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        Span<byte> last = stackalloc byte[2 * BlockLength];
        last.Clear();
        int whole = text.Length & -BlockLength;
        text[whole..].CopyTo(last);
        BinaryPrimitives.WriteUInt64LittleEndian(last[24..], (ulong)text.Length);
        return Tag(key, text[..whole], whole == text.Length ? last[BlockLength..] : last);
    }

    /// <summary>The tag of two pieces, each of whole blocks of 16 bytes.</summary>
    internal static UInt128 Tag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks, ReadOnlySpan<byte> last)
    {
        Span<ulong> h = stackalloc ulong[5], r = stackalloc ulong[5];
        h.Clear();
        Split(BinaryPrimitives.ReadUInt128LittleEndian(key) & new UInt128(0x0ffffffc0ffffffc, 0x0ffffffc0fffffff), r);
        Absorb(h, r, blocks);
        Absorb(h, r, last);

        UInt128 s = BinaryPrimitives.ReadUInt128LittleEndian(key[BlockLength..]);
        UInt128 tag = Finish(h[0] + (h[1] << 26), h[2] << 20, h[3] << 14, h[4] << 8, 0, s);
        h.Clear();
        r.Clear();
        return tag;
    }

    /// <summary>Five sums at bits 0, 32, 64, 96 and 128, each below 2^63, as limbs.</summary>
    internal static void ToLimbs(ulong h0, ulong h1, ulong h2, ulong h3, ulong h4, Span<ulong> limbs)
    {
        Carry(ref h0, ref h1, ref h2, ref h3, ref h4);
        Split(new UInt128(h2 | (h3 << 32), h0 | (h1 << 32)), limbs);
        limbs[4] += h4 << 24;
    }

    /// <summary>a = a * b mod 2^130 - 5. Limbs of both may have 28 bits; the result has 26, and a little in limb 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Multiply(
        ref ulong a0, ref ulong a1, ref ulong a2, ref ulong a3, ref ulong a4, ulong b0, ulong b1, ulong b2, ulong b3, ulong b4)
    {
        ulong s1 = b1 * 5, s2 = b2 * 5, s3 = b3 * 5, s4 = b4 * 5; // what passes 2^130 comes back five-fold
        ulong d0 = (a0 * b0) + (a1 * s4) + (a2 * s3) + (a3 * s2) + (a4 * s1);
        ulong d1 = (a0 * b1) + (a1 * b0) + (a2 * s4) + (a3 * s3) + (a4 * s2);
        ulong d2 = (a0 * b2) + (a1 * b1) + (a2 * b0) + (a3 * s4) + (a4 * s3);
        ulong d3 = (a0 * b3) + (a1 * b2) + (a2 * b1) + (a3 * b0) + (a4 * s4);
        ulong d4 = (a0 * b4) + (a1 * b3) + (a2 * b2) + (a3 * b1) + (a4 * b0);
        d1 += d0 >> 26;
        d2 += d1 >> 26;
        d3 += d2 >> 26;
        d4 += d3 >> 26;
        d0 = (d0 & Limb) + ((d4 >> 26) * 5);
        a0 = d0 & Limb;
        a1 = (d1 & Limb) + (d0 >> 26);
        a2 = d2 & Limb;
        a3 = d3 & Limb;
        a4 = d4 & Limb;
    }

    /// <summary>(h mod 2^130 - 5) + s mod 2^128, where h is five sums as <see cref="ToLimbs"/> takes them.</summary>
    internal static UInt128 Finish(ulong h0, ulong h1, ulong h2, ulong h3, ulong h4, UInt128 s)
    {
        Carry(ref h0, ref h1, ref h2, ref h3, ref h4);
        ulong reaches = (h0 + 5) >> 32; // 1 in the end if h + 5 reaches 2^130, that is, if h is 2^130 - 5 or more
        reaches = (h1 + reaches) >> 32;
        reaches = (h2 + reaches) >> 32;
        reaches = (h3 + reaches) >> 32;
        reaches = (h4 + reaches) >> 2;
        return new UInt128(h2 | (h3 << 32), h0 | (h1 << 32)) + (5 * reaches) + s;
    }

    private static void Absorb(Span<ulong> h, ReadOnlySpan<ulong> r, ReadOnlySpan<byte> blocks)
    {
        ulong h0 = h[0], h1 = h[1], h2 = h[2], h3 = h[3], h4 = h[4];
        ulong r0 = r[0], r1 = r[1], r2 = r[2], r3 = r[3], r4 = r[4];
        for (; blocks.Length >= BlockLength; blocks = blocks[BlockLength..])
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(blocks), high = BinaryPrimitives.ReadUInt64LittleEndian(blocks[8..]);
            h0 += low & Limb;
            h1 += (low >> 26) & Limb;
            h2 += ((low >> 52) | (high << 12)) & Limb;
            h3 += (high >> 14) & Limb;
            h4 += (high >> 40) | (1 << 24);
            Multiply(ref h0, ref h1, ref h2, ref h3, ref h4, r0, r1, r2, r3, r4);
        }

        h[0] = h0;
        h[1] = h1;
        h[2] = h2;
        h[3] = h3;
        h[4] = h4;
    }

    private static void Split(UInt128 number, Span<ulong> limbs)
    {
        ulong low = (ulong)number, high = (ulong)(number >> 64);
        limbs[0] = low & Limb;
        limbs[1] = (low >> 26) & Limb;
        limbs[2] = ((low >> 52) | (high << 12)) & Limb;
        limbs[3] = (high >> 14) & Limb;
        limbs[4] = high >> 40;
    }

    /// <summary>Makes 32-bit words of sums, and folds what is above 2^130: then h4 is at most 4.</summary>
    private static void Carry(ref ulong h0, ref ulong h1, ref ulong h2, ref ulong h3, ref ulong h4)
    {
        CarryOnce(ref h0, ref h1, ref h2, ref h3, ref h4);
        h0 += (h4 >> 2) * 5;
        h4 &= 3;
        CarryOnce(ref h0, ref h1, ref h2, ref h3, ref h4);
    }

    private static void CarryOnce(ref ulong h0, ref ulong h1, ref ulong h2, ref ulong h3, ref ulong h4)
    {
        h1 += h0 >> 32;
        h2 += h1 >> 32;
        h3 += h2 >> 32;
        h4 += h3 >> 32;
        h0 = (uint)h0;
        h1 = (uint)h1;
        h2 = (uint)h2;
        h3 = (uint)h3;
    }
}
