using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Chasqui.Core.Crypto;

/// <summary>Sixteen words: AVX-512.</summary>
internal readonly unsafe struct Words512(Vector512<uint> value) : IWords<Words512>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly Vector512<uint> _value = value;

    public static Words512 Indices => new(Vector512<uint>.Indices);

    [MethodImpl(Inline)] public static Words512 operator +(Words512 a, Words512 b) => new(a._value + b._value);
    [MethodImpl(Inline)] public static Words512 operator ^(Words512 a, Words512 b) => new(a._value ^ b._value);

    [MethodImpl(Inline)] public static Words512 Create(uint word) => new(Vector512.Create(word));
    [MethodImpl(Inline)] public static Words512 Rotate(Words512 x, [ConstantExpected] byte bits) => new(Avx512F.RotateLeft(x._value, bits));

    [MethodImpl(Inline)]
    public static void XorHalf(
        Words512 a, Words512 b, Words512 c, Words512 d, Words512 e, Words512 f, Words512 g, Words512 h, ulong* at, ulong offset)
    {
        Vector512<ulong> t0 = Avx512F.UnpackLow(a._value, b._value).AsUInt64(), t1 = Avx512F.UnpackHigh(a._value, b._value).AsUInt64();
        Vector512<ulong> t2 = Avx512F.UnpackLow(c._value, d._value).AsUInt64(), t3 = Avx512F.UnpackHigh(c._value, d._value).AsUInt64();
        Vector512<ulong> t4 = Avx512F.UnpackLow(e._value, f._value).AsUInt64(), t5 = Avx512F.UnpackHigh(e._value, f._value).AsUInt64();
        Vector512<ulong> t6 = Avx512F.UnpackLow(g._value, h._value).AsUInt64(), t7 = Avx512F.UnpackHigh(g._value, h._value).AsUInt64();
        XorFourLanes(at, offset, Avx512F.UnpackLow(t0, t2), Avx512F.UnpackLow(t4, t6));
        XorFourLanes(at + 1, offset, Avx512F.UnpackHigh(t0, t2), Avx512F.UnpackHigh(t4, t6));
        XorFourLanes(at + 2, offset, Avx512F.UnpackLow(t1, t3), Avx512F.UnpackLow(t5, t7));
        XorFourLanes(at + 3, offset, Avx512F.UnpackHigh(t1, t3), Avx512F.UnpackHigh(t5, t7));
    }

    [MethodImpl(Inline)]
    private static void XorFourLanes(ulong* at, ulong offset, Vector512<ulong> u, Vector512<ulong> v)
    {
        Words256.XorTwoLanes(at, offset, u.GetLower(), v.GetLower());
        Words256.XorTwoLanes(at + 8, offset, u.GetUpper(), v.GetUpper());
    }
}
