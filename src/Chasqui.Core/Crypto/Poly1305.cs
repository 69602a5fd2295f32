using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Chasqui.Core.Crypto;

/// <summary>The Poly1305 authenticator as the AEAD uses it, on any machine that .NET runs on.</summary>
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
        return TagOfBlocks(key, text[..whole], whole == text.Length ? last[BlockLength..] : last);
    }

    /// <summary>The tag of a text with associated data: each padded with zeros to 16 bytes, then the two lengths.</summary>
    /// <param name="key">32 bytes: r (clamped here), then s.</param>
    /// <param name="associatedData">May be empty.</param>
    /// <param name="text">The ciphertext; may be empty.</param>
    internal static UInt128 Tag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> text)
    {
        Span<byte> lengths = stackalloc byte[BlockLength];
        BinaryPrimitives.WriteUInt64LittleEndian(lengths, (ulong)associatedData.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths[8..], (ulong)text.Length);
        Span<ulong> h = stackalloc ulong[5], r = stackalloc ulong[5];
        Begin(key, h, r);
        AbsorbPadded(h, r, associatedData);
        AbsorbPadded(h, r, text);
        Absorb(h, r, lengths, top: 1);
        return End(key, h, r);
    }

    /// <summary>The tag of two pieces, each of whole blocks of 16 bytes.</summary>
    internal static UInt128 TagOfBlocks(ReadOnlySpan<byte> key, ReadOnlySpan<byte> blocks, ReadOnlySpan<byte> last)
    {
        Span<ulong> h = stackalloc ulong[5], r = stackalloc ulong[5];
        Begin(key, h, r);
        Absorb(h, r, blocks, top: 1);
        Absorb(h, r, last, top: 1);
        return End(key, h, r);
    }

    /// <summary>Compares without an early exit: the time tells nothing about where the tags differ.</summary>
    internal static bool IsTag(ReadOnlySpan<byte> received, UInt128 tag)
    {
        UInt128 difference = BinaryPrimitives.ReadUInt128LittleEndian(received) ^ tag;
        return ((ulong)difference | (ulong)(difference >> 64)) == 0;
    }

    /// <summary>Five sums at bits 0, 32, 64, 96 and 128, each below 2^63, as limbs.</summary>
    internal static void ToLimbs(ulong h0, ulong h1, ulong h2, ulong h3, ulong h4, Span<ulong> limbs)
    {
        Carry(ref h0, ref h1, ref h2, ref h3, ref h4);
        Split(new UInt128(h2 | (h3 << 32), h0 | (h1 << 32)), limbs);
        limbs[4] += h4 << 24;
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

    /// <summary>h = (h + block) * r mod 2^130 - 5 for each block. Limbs of h may have 27 bits, those of r 28.</summary>
    /// <param name="h">The sum; its limbs end with 26 bits, and a little in limbs 1 and 4.</param>
    /// <param name="r">The factor.</param>
    /// <param name="blocks">Whole blocks of 16 bytes.</param>
    /// <param name="top">What each block has above its 128 bits: 1, or 0 where only the product is wanted.</param>
    internal static void Absorb(Span<ulong> h, ReadOnlySpan<ulong> r, ReadOnlySpan<byte> blocks, ulong top)
    {
        ulong h0 = h[0], h1 = h[1], h2 = h[2], h3 = h[3], h4 = h[4];
        uint r0 = (uint)r[0], r1 = (uint)r[1], r2 = (uint)r[2], r3 = (uint)r[3], r4 = (uint)r[4];
        uint s1 = r1 * 5, s2 = r2 * 5, s3 = r3 * 5, s4 = r4 * 5; // what passes 2^130 comes back five-fold
        top <<= 24;
        for (; blocks.Length >= BlockLength; blocks = blocks[BlockLength..])
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(blocks), high = BinaryPrimitives.ReadUInt64LittleEndian(blocks[8..]);
            h0 += low & Limb;
            h1 += (low >> 26) & Limb;
            h2 += ((low >> 52) | (high << 12)) & Limb;
            h3 += (high >> 14) & Limb;
            h4 += (high >> 40) | top;

            ulong d0 = (h0 * r0) + (h1 * s4) + (h2 * s3) + (h3 * s2) + (h4 * s1);
            ulong d1 = (h0 * r1) + (h1 * r0) + (h2 * s4) + (h3 * s3) + (h4 * s2);
            ulong d2 = (h0 * r2) + (h1 * r1) + (h2 * r0) + (h3 * s4) + (h4 * s3);
            ulong d3 = (h0 * r3) + (h1 * r2) + (h2 * r1) + (h3 * r0) + (h4 * s4);
            ulong d4 = (h0 * r4) + (h1 * r3) + (h2 * r2) + (h3 * r1) + (h4 * r0);

            // Two chains of carries side by side, 0-1-2-3-4 and 3-4-0-1: one alone would be what the next block waits for.
            d1 += d0 >> 26;
            d4 += d3 >> 26;
            d2 += d1 >> 26;
            d0 = (d0 & Limb) + ((d4 >> 26) * 5);
            d3 = (d3 & Limb) + (d2 >> 26);
            h0 = d0 & Limb;
            h1 = (d1 & Limb) + (d0 >> 26);
            h2 = d2 & Limb;
            h3 = d3 & Limb;
            h4 = (d4 & Limb) + (d3 >> 26);
        }

        h[0] = h0;
        h[1] = h1;
        h[2] = h2;
        h[3] = h3;
        h[4] = h4;
    }

    private static void Begin(ReadOnlySpan<byte> key, Span<ulong> h, Span<ulong> r)
    {
        h.Clear();
        Split(BinaryPrimitives.ReadUInt128LittleEndian(key) & new UInt128(0x0ffffffc0ffffffc, 0x0ffffffc0fffffff), r);
    }

    private static void AbsorbPadded(Span<ulong> h, ReadOnlySpan<ulong> r, ReadOnlySpan<byte> text)
    {
        int whole = text.Length & -BlockLength;
        Absorb(h, r, text[..whole], top: 1);
        if (whole < text.Length)
        {
            Span<byte> last = stackalloc byte[BlockLength];
            last.Clear();
            text[whole..].CopyTo(last);
            Absorb(h, r, last, top: 1);
        }
    }

    private static UInt128 End(ReadOnlySpan<byte> key, Span<ulong> h, Span<ulong> r)
    {
        UInt128 s = BinaryPrimitives.ReadUInt128LittleEndian(key[BlockLength..]);
        UInt128 tag = Finish(h[0] + (h[1] << 26), h[2] << 20, h[3] << 14, h[4] << 8, 0, s);
        h.Clear();
        r.Clear();
        return tag;
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(ref ulong h0, ref ulong h1, ref ulong h2, ref ulong h3, ref ulong h4)
    {
        CarryOnce(ref h0, ref h1, ref h2, ref h3, ref h4);
        h0 += (h4 >> 2) * 5;
        h4 &= 3;
        CarryOnce(ref h0, ref h1, ref h2, ref h3, ref h4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
