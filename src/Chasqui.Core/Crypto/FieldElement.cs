using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Chasqui.Core.Crypto;

/// <summary>A number modulo 2^255 - 19 in five limbs of 51 bits, for any 64-bit processor. Outputs may be the memory of inputs.</summary>
/// <remarks>
/// INVARIANT: what Read, Multiply, Square and MultiplySmall return is reduced: limbs below 2^51 + 2^16. A sum or difference of two reduced
/// elements has limbs below 2^53 and may be multiplied, but not added or subtracted again. No carry is ever lost, and none branches.
/// </remarks>
internal struct FieldElement
{
    private const int LimbBits = 51;
    private const ulong Mask = (1UL << LimbBits) - 1;

    internal ulong L0, L1, L2, L3, L4;

    internal static FieldElement One => new() { L0 = 1 };

    /// <summary>Reads 32 bytes, little-endian; the highest bit is ignored.</summary>
    internal static void Read(ReadOnlySpan<byte> bytes, out FieldElement h)
    {
        h.L0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes) & Mask;
        h.L1 = (BinaryPrimitives.ReadUInt64LittleEndian(bytes[6..]) >> 3) & Mask;
        h.L2 = (BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]) >> 6) & Mask;
        h.L3 = (BinaryPrimitives.ReadUInt64LittleEndian(bytes[19..]) >> 1) & Mask;
        h.L4 = (BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) >> 12) & Mask;
    }

    /// <summary>Writes a reduced element as the one number below the prime that it is, 32 bytes.</summary>
    internal static void Write(in FieldElement f, Span<byte> bytes)
    {
        // Below 2^255 + 2^206 after this, so the prime fits at most once: q is whether it does, the carry out of f + 19.
        Fold(f.L0, f.L1, f.L2, f.L3, f.L4, out FieldElement h);
        ulong q = (h.L0 + 19) >> LimbBits;
        q = (h.L1 + q) >> LimbBits;
        q = (h.L2 + q) >> LimbBits;
        q = (h.L3 + q) >> LimbBits;
        q = (h.L4 + q) >> LimbBits;

        h.L0 += 19 * q;
        h.L1 += h.L0 >> LimbBits;
        h.L2 += h.L1 >> LimbBits;
        h.L3 += h.L2 >> LimbBits;
        h.L4 += h.L3 >> LimbBits;
        ulong l1 = h.L1 & Mask, l2 = h.L2 & Mask, l3 = h.L3 & Mask, l4 = h.L4 & Mask;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (h.L0 & Mask) | (l1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (l1 >> 13) | (l2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (l2 >> 26) | (l3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (l3 >> 39) | (l4 << 12));
    }

    internal static void Add(in FieldElement f, in FieldElement g, out FieldElement h)
    {
        h.L0 = f.L0 + g.L0;
        h.L1 = f.L1 + g.L1;
        h.L2 = f.L2 + g.L2;
        h.L3 = f.L3 + g.L3;
        h.L4 = f.L4 + g.L4;
    }

    /// <summary>f + 2p - g, so that no limb goes below zero.</summary>
    internal static void Subtract(in FieldElement f, in FieldElement g, out FieldElement h)
    {
        const ulong Lowest = 2 * (Mask - 18), Others = 2 * Mask;
        h.L0 = f.L0 + Lowest - g.L0;
        h.L1 = f.L1 + Others - g.L1;
        h.L2 = f.L2 + Others - g.L2;
        h.L3 = f.L3 + Others - g.L3;
        h.L4 = f.L4 + Others - g.L4;
    }

    /// <summary>
    /// Schoolbook. The operands are shifted by 6 and 7 bits, so that a product's upper word is what goes into the next column, and its
    /// lower word, shifted back, what stays: columns are 64-bit sums, without add-with-carry, which C# does not have.
    /// INVARIANT: limbs below 2^53 make columns below 5 * 2^51 + 5 * 2^55, and with 19 times another one, 2^62.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Multiply(in FieldElement f, in FieldElement g, out FieldElement h)
    {
        ulong f0 = f.L0 << 6, f1 = f.L1 << 6, f2 = f.L2 << 6, f3 = f.L3 << 6, f4 = f.L4 << 6;
        ulong g0 = g.L0 << 7, g1 = g.L1 << 7, g2 = g.L2 << 7, g3 = g.L3 << 7, g4 = g.L4 << 7;
        ulong c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0, c8 = 0, c9 = 0;
        Add(f0, g0, ref c0, ref c1);
        Add(f0, g1, ref c1, ref c2); Add(f1, g0, ref c1, ref c2);
        Add(f0, g2, ref c2, ref c3); Add(f1, g1, ref c2, ref c3); Add(f2, g0, ref c2, ref c3);
        Add(f0, g3, ref c3, ref c4); Add(f1, g2, ref c3, ref c4); Add(f2, g1, ref c3, ref c4); Add(f3, g0, ref c3, ref c4);
        Add(f0, g4, ref c4, ref c5); Add(f1, g3, ref c4, ref c5); Add(f2, g2, ref c4, ref c5); Add(f3, g1, ref c4, ref c5); Add(f4, g0, ref c4, ref c5);
        Add(f1, g4, ref c5, ref c6); Add(f2, g3, ref c5, ref c6); Add(f3, g2, ref c5, ref c6); Add(f4, g1, ref c5, ref c6);
        Add(f2, g4, ref c6, ref c7); Add(f3, g3, ref c6, ref c7); Add(f4, g2, ref c6, ref c7);
        Add(f3, g4, ref c7, ref c8); Add(f4, g3, ref c7, ref c8);
        Add(f4, g4, ref c8, ref c9);
        Fold(c0 + (19 * c5), c1 + (19 * c6), c2 + (19 * c7), c3 + (19 * c8), c4 + (19 * c9), out h);
    }

    /// <summary>As Multiply by itself, with the products that occur twice computed once, of a doubled limb.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Square(in FieldElement f, out FieldElement h)
    {
        ulong f0 = f.L0 << 6, f1 = f.L1 << 6, f2 = f.L2 << 6, f3 = f.L3 << 6, f4 = f.L4 << 6;
        ulong d0 = f0 << 2, d1 = f1 << 2, d2 = f2 << 2, d3 = f3 << 2; // by 7 bits and doubled
        ulong c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0, c8 = 0, c9 = 0;
        Add(f0, f0 << 1, ref c0, ref c1);
        Add(d0, f1, ref c1, ref c2);
        Add(d0, f2, ref c2, ref c3); Add(f1, f1 << 1, ref c2, ref c3);
        Add(d0, f3, ref c3, ref c4); Add(d1, f2, ref c3, ref c4);
        Add(d0, f4, ref c4, ref c5); Add(d1, f3, ref c4, ref c5); Add(f2, f2 << 1, ref c4, ref c5);
        Add(d1, f4, ref c5, ref c6); Add(d2, f3, ref c5, ref c6);
        Add(d2, f4, ref c6, ref c7); Add(f3, f3 << 1, ref c6, ref c7);
        Add(d3, f4, ref c7, ref c8);
        Add(f4, f4 << 1, ref c8, ref c9);
        Fold(c0 + (19 * c5), c1 + (19 * c6), c2 + (19 * c7), c3 + (19 * c8), c4 + (19 * c9), out h);
    }

    /// <summary>Multiplies by a number below 2^20.</summary>
    internal static void MultiplySmall(in FieldElement f, ulong factor, out FieldElement h)
    {
        factor <<= 13;
        ulong c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0;
        Add(f.L0, factor, ref c0, ref c1);
        Add(f.L1, factor, ref c1, ref c2);
        Add(f.L2, factor, ref c2, ref c3);
        Add(f.L3, factor, ref c3, ref c4);
        Add(f.L4, factor, ref c4, ref c5);
        Fold(c0 + (19 * c5), c1, c2, c3, c4, out h);
    }

    /// <summary>Swaps two elements if <paramref name="bit"/> is 1, doing the same if it is 0.</summary>
    internal static void Swap(ulong bit, ref FieldElement f, ref FieldElement g)
    {
        ulong mask = 0 - bit;
        Swap(mask, ref f.L0, ref g.L0);
        Swap(mask, ref f.L1, ref g.L1);
        Swap(mask, ref f.L2, ref g.L2);
        Swap(mask, ref f.L3, ref g.L3);
        Swap(mask, ref f.L4, ref g.L4);
    }

    /// <summary>Moves what each limb has above 51 bits into the next one, and what the highest has into the lowest, 19 times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fold(ulong r0, ulong r1, ulong r2, ulong r3, ulong r4, out FieldElement h)
    {
        h.L0 = (r0 & Mask) + (19 * (r4 >> LimbBits));
        h.L1 = (r1 & Mask) + (r0 >> LimbBits);
        h.L2 = (r2 & Mask) + (r1 >> LimbBits);
        h.L3 = (r3 & Mask) + (r2 >> LimbBits);
        h.L4 = (r4 & Mask) + (r3 >> LimbBits);
    }

    /// <summary>
    /// Adds a product to two columns. Both words of one multiplication would come through memory (the intrinsic takes a pointer),
    /// and waiting for that made the whole twice as slow; multiplying again for the lower word costs less.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ulong f, ulong g, ref ulong low, ref ulong high)
    {
        high += Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(f, g) : Math.BigMul(f, g, out _);
        low += (f * g) >> 13;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Swap(ulong mask, ref ulong f, ref ulong g)
    {
        ulong difference = (f ^ g) & mask;
        f ^= difference;
        g ^= difference;
    }
}
