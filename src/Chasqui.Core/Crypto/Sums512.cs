using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Chasqui.Core.Crypto;

/// <summary>Eight sums: AVX-512.</summary>
internal readonly unsafe struct Sums512(Vector512<ulong> value) : ISums<Sums512>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly Vector512<ulong> _value = value;

    [MethodImpl(Inline)] public static Sums512 operator +(Sums512 a, Sums512 b) => new(a._value + b._value);
    [MethodImpl(Inline)] public static Sums512 operator &(Sums512 a, Sums512 b) => new(a._value & b._value);
    [MethodImpl(Inline)] public static Sums512 operator >>>(Sums512 a, int bits) => new(a._value >>> bits);
    [MethodImpl(Inline)] public static Sums512 operator *(Sums512 a, Sums512 b) => new(Avx512F.Multiply(a._value.AsUInt32(), b._value.AsUInt32()));

    [MethodImpl(Inline)] public static Sums512 Create(ulong sum) => new(Vector512.Create(sum));

    [MethodImpl(Inline)]
    public static void Load(byte** at, nint offset, out Sums512 low, out Sums512 high)
    {
        Vector512<ulong> even = LoadFour(at, offset), odd = LoadFour(at + 1, offset);
        low = new(Avx512F.UnpackLow(even, odd));
        high = new(Avx512F.UnpackHigh(even, odd));
    }

    [MethodImpl(Inline)]
    private static Vector512<ulong> LoadFour(byte** at, nint offset) => Vector512.Create(
        Sums256.LoadTwo(at[0] + offset, at[2] + offset), Sums256.LoadTwo(at[4] + offset, at[6] + offset));
}
