using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Keys;
using Lanes64 = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Chasqui.Core.Crypto;

/// <summary>The Montgomery ladder with AVX2: one with its products in the lanes, or up to four with a lane each.</summary>
/// <remarks>SAFETY: all pointers are into memory that the method has on its own stack, and zeroes before it returns. Source: RFC 7748 section 5.</remarks>
internal static unsafe class X25519Lanes
{
    /// <summary>Multiplications that <see cref="MultiplyEach"/> does at most.</summary>
    internal const int Count = 4;

    private const int Elements = 10;
    private const int Constants = FieldLanes.Stride * Elements;
    private const int Scalars = Constants + FieldLanes.Limbs;
    private const int WorkVectors = Scalars + Count;
    private const int WorkBytes = WorkVectors * 32;
    private const int KeyLength = X25519.KeyLength;

    /// <summary>Computes one to four products, in the same time.</summary>
    /// <param name="scalars">32 bytes each, clamped here.</param>
    /// <param name="points">32 bytes each.</param>
    /// <param name="products">32 bytes each; may be the memory of an input.</param>
    [SkipLocalsInit]
    internal static void MultiplyEach(ReadOnlySpan<byte> scalars, ReadOnlySpan<byte> points, Span<byte> products)
    {
        byte* raw = stackalloc byte[WorkBytes + 63];
        Lanes64* w = Clear(raw);
        Lanes64* x1 = Element(w, 0), x2 = Element(w, 1), z2 = Element(w, 2), x3 = Element(w, 3), z3 = Element(w, 4);
        Lanes64* twicePrime = w + Constants, k = w + Scalars;
        for (int lane = 0; lane < scalars.Length / KeyLength; lane++)
        {
            FieldLanes.ReadLane(x1, lane, points.Slice(lane * KeyLength, KeyLength));
            ReadScalar(k, lane, scalars.Slice(lane * KeyLength, KeyLength));
        }

        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            x3[i] = x1[i];
            twicePrime[i] = Vector256.Create(FieldLanes.TwicePrime(i));
        }

        x2[0] = z3[0] = Lanes64.One;
        FieldLanes.Prepare(x1);
        Lanes64 previous = default;
        for (int t = X25519Ladder.Bits - 1; t >= 0; t--)
        {
            Lanes64 bit = Lanes64.Zero - ((k[t >> 6] >>> (t & 63)) & Lanes64.One);
            Step(w, bit ^ previous);
            previous = bit;
        }

        // No swap after the last step: the lowest bit of a clamped scalar is 0.
        FieldLanes.Invert(z2, Element(w, 5));
        FieldLanes.Multiply(x2, x2, z2);
        for (int lane = 0; lane < scalars.Length / KeyLength; lane++)
        {
            FieldLanes.WriteLane(x2, lane, products.Slice(lane * KeyLength, KeyLength));
        }

        SecretMemory.Zero(new Span<byte>(w, WorkBytes));
    }

    /// <summary>One step of four ladders.</summary>
    [SkipLocalsInit]
    private static void Step(Lanes64* w, Lanes64 swap)
    {
        Lanes64* x1 = Element(w, 0), x2 = Element(w, 1), z2 = Element(w, 2), x3 = Element(w, 3), z3 = Element(w, 4), twicePrime = w + Constants;
        Lanes64* a = Element(w, 5), b = Element(w, 6), c = Element(w, 7), d = Element(w, 8);
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            // The swap comes after the sums rather than before, and takes two exchanges as well.
            Lanes64 sum2 = x2[i] + z2[i], difference2 = x2[i] + twicePrime[i] - z2[i];
            Lanes64 sum3 = x3[i] + z3[i], difference3 = x3[i] + twicePrime[i] - z3[i];
            Lanes64 sums = (sum2 ^ sum3) & swap, differences = (difference2 ^ difference3) & swap;
            a[i] = sum2 ^ sums;
            c[i] = sum3 ^ sums;
            b[i] = difference2 ^ differences;
            d[i] = difference3 ^ differences;
        }

        FieldLanes.Multiply(d, d, a); // DA
        FieldLanes.Multiply(c, c, b); // CB
        FieldLanes.Square(a, a); // AA
        FieldLanes.Square(b, b); // BB
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            x3[i] = d[i] + c[i];
            z3[i] = d[i] + twicePrime[i] - c[i];
            d[i] = a[i] + twicePrime[i] - b[i]; // E
        }

        FieldLanes.Square(x3, x3);
        FieldLanes.Square(z3, z3);
        FieldLanes.MultiplyPrepared(z3, z3, x1);
        FieldLanes.Multiply(x2, a, b);
        FieldLanes.MultiplySmall(c, d, X25519Ladder.A24);
        for (int i = 0; i < FieldLanes.Limbs; i++) c[i] += a[i];
        FieldLanes.Multiply(z2, d, c);
    }

    /// <summary>Computes one product, in half the time of <see cref="MultiplyEach"/>.</summary>
    /// <remarks>
    /// A step is three multiplications of four lanes: (A, B, C, D) by (A, B, B, A), then E by a24 and DA - CB by x1 (lanes 1 and 3), then
    /// (AA, E, DA + CB, DA - CB) by (BB, AA + a24 * E, DA + CB, x1 * (DA - CB)), which is (x_2, z_2, x_3, z_3).
    /// </remarks>
    /// <param name="scalar">32 bytes, clamped here.</param>
    /// <param name="point">32 bytes.</param>
    /// <param name="product">32 bytes; may be the memory of an input.</param>
    [SkipLocalsInit]
    internal static void MultiplyOne(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product)
    {
        byte* raw = stackalloc byte[WorkBytes + 63];
        Lanes64* w = Clear(raw);
        Lanes64* constants = Element(w, 0), points = Element(w, 1), z2 = Element(w, 2), bias = w + Constants, k = w + Scalars;
        FieldLanes.ReadLane(constants, 3, point);
        ReadScalar(k, 0, scalar);
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            ulong twicePrime = FieldLanes.TwicePrime(i) + 1; // see AddAndSubtract
            bias[i] = Vector256.Create(0, twicePrime, 0, twicePrime);
            points[i] = Avx2.Permute4x64(constants[i], 0b00_11_00_00); // (0, 0, u, 0)
        }

        points[0] += Vector256.Create(1ul, 0, 0, 1); // x_2 = 1, z_2 = 0, x_3 = u, z_3 = 1
        constants[0] += Vector256.Create(0, X25519Ladder.A24, 0, 0); // (0, a24, 0, x1)
        FieldLanes.Prepare(constants);
        ulong previous = 0;
        for (int t = X25519Ladder.Bits - 1; t >= 0; t--)
        {
            ulong bit = (((ulong*)(k + (t >> 6)))[0] >> (t & 63)) & 1;
            Step(w, (int)(bit ^ previous));
            previous = bit;
        }

        for (int i = 0; i < FieldLanes.Limbs; i++) z2[i] = Avx2.Permute4x64(points[i], 0b01_01_01_01);
        FieldLanes.Invert(z2, Element(w, 5));
        FieldLanes.Multiply(points, points, z2);
        FieldLanes.WriteLane(points, 0, product);
        SecretMemory.Zero(new Span<byte>(w, WorkBytes));
    }

    /// <summary>One step of one ladder. The swap is in the order in which the factors' lanes are taken: 4 turns (2, 3) into (0, 1) and back.</summary>
    [SkipLocalsInit]
    private static void Step(Lanes64* w, int swap)
    {
        Lanes64* constants = Element(w, 0), points = Element(w, 1), f = Element(w, 2), g = Element(w, 3), rest = Element(w, 4), bias = w + Constants;
        Vector256<int> flip = Vector256.Create(swap << 2);
        Vector256<int> abcd = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7) ^ flip, abba = Vector256.Create(0, 1, 2, 3, 2, 3, 0, 1) ^ flip;
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            Vector256<int> x = points[i].AsInt32();
            Vector256<int> sums = AddAndSubtract(Avx2.Shuffle(x, 0x44).AsUInt64(), Avx2.Shuffle(x, 0xEE).AsUInt64(), bias[i]).AsInt32(); // A, B, C, D
            f[i] = Avx2.PermuteVar8x32(sums, abcd).AsUInt64();
            g[i] = Avx2.PermuteVar8x32(sums, abba).AsUInt64();
        }

        FieldLanes.Multiply(points, f, g); // AA, BB, CB, DA
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            Lanes64 x = points[i];
            Lanes64 sums = AddAndSubtract(Avx2.Permute4x64(x, 0b11_11_00_00), Avx2.Permute4x64(x, 0b10_10_01_01), bias[i]);
            Vector256<int> factor = Avx2.Blend(sums.AsInt32(), x.AsInt32(), 0b00_00_00_11); // AA, E, DA + CB, DA - CB
            Vector256<int> other = Avx2.Blend(Avx2.Shuffle(x.AsInt32(), 0x4E), factor, 0b00_11_00_00); // BB, AA, DA + CB, -
            f[i] = factor.AsUInt64();
            rest[i] = Avx2.Blend(other, Vector256<int>.Zero, 0b11_00_00_00).AsUInt64();
        }

        FieldLanes.MultiplyPrepared(g, f, constants); // 0, a24 * E, 0, x1 * (DA - CB)
        for (int i = 0; i < FieldLanes.Limbs; i++) g[i] += rest[i];
        FieldLanes.Multiply(points, f, g);
    }

    /// <summary>f + g in the even lanes, f - g in the odd ones: the complement of g is -g - 1, and the bias there is 2p + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes64 AddAndSubtract(Lanes64 f, Lanes64 g, Lanes64 bias) => f + ((g ^ Vector256.Create(0, ~0ul, 0, ~0ul)) + bias);

    /// <summary>The 64-bit words of a scalar, clamped, into a lane of four vectors.</summary>
    private static void ReadScalar(Lanes64* k, int lane, ReadOnlySpan<byte> scalar)
    {
        Span<byte> clamped = stackalloc byte[KeyLength];
        scalar.CopyTo(clamped);
        PrivateKey.Clamp(clamped);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(clamped); // little-endian, as AVX2 is
        for (int i = 0; i < words.Length; i++) ((ulong*)(k + i))[lane] = words[i];
        SecretMemory.Zero(clamped);
    }

    private static Lanes64* Clear(byte* raw)
    {
        Lanes64* w = (Lanes64*)(((nuint)raw + 63) & ~(nuint)63); // elements that straddle cache lines cost a fifth more
        new Span<byte>(w, WorkBytes).Clear();
        return w;
    }

    private static Lanes64* Element(Lanes64* w, int i) => w + (FieldLanes.Stride * i) + FieldLanes.Limbs;
}
