using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Chasqui.Core.Crypto;

/// <summary>Eight words: AVX2, and where it is there AVX-512VL, which rotates in one instruction.</summary>
internal readonly unsafe struct Words256(Vector256<uint> value) : IWords<Words256>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly Vector256<uint> _value = value;

    public static Words256 Indices => new(Vector256<uint>.Indices);

    [MethodImpl(Inline)] public static Words256 operator +(Words256 a, Words256 b) => new(a._value + b._value);
    [MethodImpl(Inline)] public static Words256 operator ^(Words256 a, Words256 b) => new(a._value ^ b._value);

    [MethodImpl(Inline)] public static Words256 Create(uint word) => new(Vector256.Create(word));

    [MethodImpl(Inline)]
    public static Words256 Rotate(Words256 x, [ConstantExpected] byte bits) => new(
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x._value, bits)
        : bits == 16 ? Shuffle(x._value, Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13))
        : bits == 8 ? Shuffle(x._value, Vector128.Create((byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14))
        : (x._value << bits) | (x._value >>> (32 - bits)));

    [MethodImpl(Inline)]
    public static void XorHalf(
        Words256 a, Words256 b, Words256 c, Words256 d, Words256 e, Words256 f, Words256 g, Words256 h, ulong* at, ulong offset)
    {
        Vector256<ulong> t0 = Avx2.UnpackLow(a._value, b._value).AsUInt64(), t1 = Avx2.UnpackHigh(a._value, b._value).AsUInt64();
        Vector256<ulong> t2 = Avx2.UnpackLow(c._value, d._value).AsUInt64(), t3 = Avx2.UnpackHigh(c._value, d._value).AsUInt64();
        Vector256<ulong> t4 = Avx2.UnpackLow(e._value, f._value).AsUInt64(), t5 = Avx2.UnpackHigh(e._value, f._value).AsUInt64();
        Vector256<ulong> t6 = Avx2.UnpackLow(g._value, h._value).AsUInt64(), t7 = Avx2.UnpackHigh(g._value, h._value).AsUInt64();
        XorTwoLanes(at, offset, Avx2.UnpackLow(t0, t2), Avx2.UnpackLow(t4, t6));
        XorTwoLanes(at + 1, offset, Avx2.UnpackHigh(t0, t2), Avx2.UnpackHigh(t4, t6));
        XorTwoLanes(at + 2, offset, Avx2.UnpackLow(t1, t3), Avx2.UnpackLow(t5, t7));
        XorTwoLanes(at + 3, offset, Avx2.UnpackHigh(t1, t3), Avx2.UnpackHigh(t5, t7));
    }

    /// <summary>XORs the first halves of u and v into one lane, the second halves into the lane four further on.</summary>
    [MethodImpl(Inline)]
    internal static void XorTwoLanes(ulong* at, ulong offset, Vector256<ulong> u, Vector256<ulong> v)
    {
        ulong* low = (ulong*)(at[0] + offset), high = (ulong*)(at[4] + offset);
        (Avx2.Permute2x128(u, v, 0x20) ^ Vector256.Load(low)).Store(low);
        (Avx2.Permute2x128(u, v, 0x31) ^ Vector256.Load(high)).Store(high);
    }

    [MethodImpl(Inline)]
    private static Vector256<uint> Shuffle(Vector256<uint> x, Vector128<byte> order) =>
        Avx2.Shuffle(x.AsByte(), Vector256.Create(order, order)).AsUInt32();
}
