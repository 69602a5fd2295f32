using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lanes64 = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Chasqui.Core.Crypto;

/// <summary>Four numbers modulo 2^255 - 19 at once, one in each 64-bit lane, in ten limbs of 26 and 25 bits by turns: AVX2.</summary>
/// <remarks>
/// An element is a pointer to its first limb, 32-byte aligned; the nine vectors in front of it are Multiply's, for 19 times the others.
/// So the product's limb k = sum of f[i] * g[k - i] is the same walk for all i: where k - i is below zero lies what the wrap at 2^255 makes
/// of it. An odd limb of both weighs twice (their bits, rounded up, are one more than the product's). Outputs may be inputs.
/// INVARIANT: a product is reduced: even limbs below 2^26, odd ones below 2^25 + 2^17. A sum or difference of two reduced elements has
/// limbs of at most 3 * 2^26 and 3 * 2^25 + 2^17 and may be multiplied, but not added or subtracted again: 19 of the former is below 2^32,
/// what the instruction multiplies, and the largest limb of a product (0) below 77 * 9 * 2^52 + 190 * 9.1 * 2^50, less than 2^63.
/// SAFETY: reads and writes the twenty vectors of an element; the callers own them.
/// </remarks>
internal static unsafe class FieldLanes
{
    /// <summary>Vectors that an element takes: nine multiples, ten limbs, and one unused, which keeps pairs of elements on cache lines.</summary>
    internal const int Stride = 20;

    internal const int Limbs = 10;

    /// <summary>Limb <paramref name="i"/> of 2p: what is added before a subtraction, so that no limb goes below zero.</summary>
    internal static ulong TwicePrime(int i) => i == 0 ? (1UL << 27) - 38 : (i & 1) == 0 ? (1UL << 27) - 2 : (1UL << 26) - 2;

    internal static void ReadLane(Lanes64* h, int lane, ReadOnlySpan<byte> bytes)
    {
        FieldElement.Read(bytes, out FieldElement f);
        ulong* limbs = (ulong*)h + lane;
        Split(f.L0, limbs);
        Split(f.L1, limbs + 8);
        Split(f.L2, limbs + 16);
        Split(f.L3, limbs + 24);
        Split(f.L4, limbs + 32);
    }

    internal static void WriteLane(Lanes64* f, int lane, Span<byte> bytes)
    {
        ulong* limbs = (ulong*)f + lane;
        var joined = new FieldElement { L0 = Join(limbs), L1 = Join(limbs + 8), L2 = Join(limbs + 16), L3 = Join(limbs + 24), L4 = Join(limbs + 32) };
        FieldElement.Write(joined, bytes);
    }

    /// <summary>h = f * g. Prepares g.</summary>
    internal static void Multiply(Lanes64* h, Lanes64* f, Lanes64* g)
    {
        Prepare(g);
        MultiplyPrepared(h, f, g);
    }

    /// <summary>Writes 19 times the limbs 1 to 9 in front of limb 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Prepare(Lanes64* g)
    {
        Lanes64 nineteen = Vector256.Create(19ul);
        for (int i = 1; i < Limbs; i++) g[i - Limbs] = Product(g[i], nineteen);
    }

    /// <summary>h = f * g, where g has been prepared. Two rows a turn; unrolled, the compiler would keep g in registers, and the sums not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    internal static void MultiplyPrepared(Lanes64* h, Lanes64* f, Lanes64* g)
    {
        Lanes64 h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default, h6 = default, h7 = default, h8 = default, h9 = default;
        for (Lanes64* end = f + Limbs; f < end; f += 2, g -= 2)
        {
            Lanes64 x = f[0];
            h0 += Product(x, g[0]); h1 += Product(x, g[1]); h2 += Product(x, g[2]); h3 += Product(x, g[3]); h4 += Product(x, g[4]);
            h5 += Product(x, g[5]); h6 += Product(x, g[6]); h7 += Product(x, g[7]); h8 += Product(x, g[8]); h9 += Product(x, g[9]);

            x = f[1];
            Lanes64 y = x + x;
            h0 += Product(y, g[-1]); h1 += Product(x, g[0]); h2 += Product(y, g[1]); h3 += Product(x, g[2]); h4 += Product(y, g[3]);
            h5 += Product(x, g[4]); h6 += Product(y, g[5]); h7 += Product(x, g[6]); h8 += Product(y, g[7]); h9 += Product(x, g[8]);
        }

        Carry(h, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9);
    }

    /// <summary>h = f * f: what occurs twice is computed once, of a doubled limb (x; y where both limbs are odd). Prepares f's upper half.</summary>
    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    internal static void Square(Lanes64* h, Lanes64* f)
    {
        Lanes64 nineteen = Vector256.Create(19ul);
        for (int i = Limbs / 2; i < Limbs; i++) f[i - Limbs] = Product(f[i], nineteen);

        Lanes64 x = f[0], y, h0 = Product(x, x);
        x += x;
        Lanes64 h1 = Product(x, f[1]), h2 = Product(x, f[2]), h3 = Product(x, f[3]), h4 = Product(x, f[4]), h5 = Product(x, f[5]);
        Lanes64 h6 = Product(x, f[6]), h7 = Product(x, f[7]), h8 = Product(x, f[8]), h9 = Product(x, f[9]);
        x = f[1] + f[1];
        y = x + x;
        h2 += Product(x, f[1]); h3 += Product(x, f[2]); h4 += Product(y, f[3]); h5 += Product(x, f[4]); h6 += Product(y, f[5]);
        h7 += Product(x, f[6]); h8 += Product(y, f[7]); h9 += Product(x, f[8]); h0 += Product(y, f[-1]);
        x = f[2];
        h4 += Product(x, x);
        x += x;
        h5 += Product(x, f[3]); h6 += Product(x, f[4]); h7 += Product(x, f[5]); h8 += Product(x, f[6]); h9 += Product(x, f[7]);
        h0 += Product(x, f[-2]); h1 += Product(x, f[-1]);
        x = f[3] + f[3];
        y = x + x;
        h6 += Product(x, f[3]); h7 += Product(x, f[4]); h8 += Product(y, f[5]); h9 += Product(x, f[6]);
        h0 += Product(y, f[-3]); h1 += Product(x, f[-2]); h2 += Product(y, f[-1]);
        x = f[4];
        h8 += Product(x, x);
        x += x;
        h9 += Product(x, f[5]); h0 += Product(x, f[-4]); h1 += Product(x, f[-3]); h2 += Product(x, f[-2]); h3 += Product(x, f[-1]);
        x = f[5] + f[5];
        y = x + x;
        h0 += Product(x, f[-5]); h1 += Product(x, f[-4]); h2 += Product(y, f[-3]); h3 += Product(x, f[-2]); h4 += Product(y, f[-1]);
        x = f[6];
        h2 += Product(x, f[-4]);
        x += x;
        h3 += Product(x, f[-3]); h4 += Product(x, f[-2]); h5 += Product(x, f[-1]);
        x = f[7] + f[7];
        y = x + x;
        h4 += Product(x, f[-3]); h5 += Product(x, f[-2]); h6 += Product(y, f[-1]);
        x = f[8];
        h6 += Product(x, f[-2]);
        x += x;
        h7 += Product(x, f[-1]);
        h8 += Product(f[9] + f[9], f[-1]);
        Carry(h, h0, h1, h2, h3, h4, h5, h6, h7, h8, h9);
    }

    /// <summary>h = f * factor, below 2^20.</summary>
    internal static void MultiplySmall(Lanes64* h, Lanes64* f, ulong factor)
    {
        Lanes64 x = Vector256.Create(factor);
        Carry(h, Product(f[0], x), Product(f[1], x), Product(f[2], x), Product(f[3], x), Product(f[4], x),
            Product(f[5], x), Product(f[6], x), Product(f[7], x), Product(f[8], x), Product(f[9], x));
    }

    /// <summary>z = 1 / z, or 0 of 0, as <see cref="X25519Ladder"/> does it; six elements of scratch memory at <paramref name="scratch"/>.</summary>
    internal static void Invert(Lanes64* z, Lanes64* scratch)
    {
        Lanes64* z11 = scratch, ones10 = scratch + Stride, ones50 = scratch + (2 * Stride), x = scratch + (3 * Stride), t = scratch + (4 * Stride);
        SquareTimes(z11, z, 1);
        SquareTimes(t, z11, 2);
        Multiply(x, z, t); // z^9
        Multiply(z11, z11, x);
        Square(t, z11);
        Multiply(x, x, t); // 5 ones
        SquareTimes(t, x, 5);
        Multiply(ones10, t, x);
        SquareTimes(t, ones10, 10);
        Multiply(x, t, ones10); // 20
        SquareTimes(t, x, 20);
        Multiply(t, t, x); // 40
        SquareTimes(t, t, 10);
        Multiply(ones50, t, ones10);
        SquareTimes(t, ones50, 50);
        Multiply(x, t, ones50); // 100
        SquareTimes(t, x, 100);
        Multiply(t, t, x); // 200
        SquareTimes(t, t, 50);
        Multiply(t, t, ones50); // 250
        SquareTimes(t, t, 5);
        Multiply(z, t, z11);
    }

    private static void SquareTimes(Lanes64* h, Lanes64* f, int times)
    {
        Square(h, f);
        for (int i = 1; i < times; i++) Square(h, h);
    }

    /// <summary>Two chains of carries side by side, from limb 0 and from limb 4; limb 9's goes to limb 0, 19 times (as a sum: it may exceed 32 bits).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(
        Lanes64* h, Lanes64 h0, Lanes64 h1, Lanes64 h2, Lanes64 h3, Lanes64 h4, Lanes64 h5, Lanes64 h6, Lanes64 h7, Lanes64 h8, Lanes64 h9)
    {
        Lanes64 even = Vector256.Create((1ul << 26) - 1), odd = Vector256.Create((1ul << 25) - 1);
        h1 += h0 >>> 26; h5 += h4 >>> 26; h0 &= even; h4 &= even;
        h2 += h1 >>> 25; h6 += h5 >>> 25; h1 &= odd; h5 &= odd;
        h3 += h2 >>> 26; h7 += h6 >>> 26; h[2] = h2 & even; h[6] = h6 & even;
        h4 += h3 >>> 25; h8 += h7 >>> 25; h[3] = h3 & odd; h[7] = h7 & odd;
        h[5] = h5 + (h4 >>> 26); h9 += h8 >>> 26; h[4] = h4 & even; h[8] = h8 & even;
        Lanes64 carry = h9 >>> 25;
        h0 += carry + (carry << 1) + (carry << 4);
        h[9] = h9 & odd; h[1] = h1 + (h0 >>> 26); h[0] = h0 & even;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes64 Product(Lanes64 a, Lanes64 b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    private static void Split(ulong limb, ulong* limbs)
    {
        limbs[0] = limb & ((1UL << 26) - 1);
        limbs[4] = limb >> 26;
    }

    private static ulong Join(ulong* limbs) => limbs[0] + (limbs[4] << 26);
}
