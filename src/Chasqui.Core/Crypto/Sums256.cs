using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Chasqui.Core.Crypto;

/// <summary>Four sums: AVX2.</summary>
internal readonly unsafe struct Sums256(Vector256<ulong> value) : ISums<Sums256>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly Vector256<ulong> _value = value;

    [MethodImpl(Inline)] public static Sums256 operator +(Sums256 a, Sums256 b) => new(a._value + b._value);
    [MethodImpl(Inline)] public static Sums256 operator &(Sums256 a, Sums256 b) => new(a._value & b._value);
    [MethodImpl(Inline)] public static Sums256 operator >>>(Sums256 a, int bits) => new(a._value >>> bits);
    [MethodImpl(Inline)] public static Sums256 operator *(Sums256 a, Sums256 b) => new(Avx2.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));

    [MethodImpl(Inline)] public static Sums256 Create(ulong sum) => new(Vector256.Create(sum));

    [MethodImpl(Inline)]
    public static void Load(byte** at, nint offset, out Sums256 low, out Sums256 high)
    {
        Vector256<ulong> even = LoadTwo(at[0] + offset, at[2] + offset), odd = LoadTwo(at[1] + offset, at[3] + offset);
        low = new(Avx2.UnpackLow(even, odd));
        high = new(Avx2.UnpackHigh(even, odd));
    }

    [MethodImpl(Inline)]
    internal static Vector256<ulong> LoadTwo(byte* a, byte* b) =>
        Vector256.Create(Vector128.Load((ulong*)a), Vector128.Load((ulong*)b));
}
