using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>The Montgomery ladder on any 64-bit processor, and what all ladders share. Source: RFC 7748 section 5.</summary>
internal static class X25519Ladder
{
    /// <summary>Bits of a scalar that the ladder goes through, from the highest: clamping has cleared bit 255.</summary>
    internal const int Bits = 255;

    /// <summary>(A - 2) / 4 for the curve's A = 486662.</summary>
    internal const ulong A24 = 121665;

    /// <summary>The variables of the RFC's pseudocode, in one piece of memory so that one call zeroes them.</summary>
    private struct Variables
    {
        internal FieldElement X1, X2, Z2, X3, Z3, A, AA, B, BB, E, C, D, DA, CB;
        internal Scalar K;
    }

    [InlineArray(ProtocolConstants.KeyLength)]
    private struct Scalar
    {
        private byte _first;
    }

    /// <summary>Computes scalar times point.</summary>
    /// <param name="scalar">32 bytes, clamped here.</param>
    /// <param name="point">32 bytes: u.</param>
    /// <param name="product">32 bytes; may be the memory of an input.</param>
    internal static void Multiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> product)
    {
        Variables v = default;
        scalar.CopyTo(v.K);
        PrivateKey.Clamp(v.K);
        FieldElement.Read(point, out v.X1);
        v.X2 = v.Z3 = FieldElement.One;
        v.X3 = v.X1;

        ulong previous = 0;
        for (int t = Bits - 1; t >= 0; t--)
        {
            ulong bit = (ulong)(v.K[t >> 3] >> (t & 7)) & 1;
            FieldElement.Swap(bit ^ previous, ref v.X2, ref v.X3);
            FieldElement.Swap(bit ^ previous, ref v.Z2, ref v.Z3);
            previous = bit;
            Step(ref v);
        }

        // No swap after the last step: the lowest bit of a clamped scalar is 0.
        Invert(ref v);
        FieldElement.Multiply(v.X2, v.Z2, out v.X2);
        FieldElement.Write(v.X2, product);
        SecretMemory.Zero(MemoryMarshal.AsBytes(new Span<Variables>(ref v)));
    }

    private static void Step(ref Variables v)
    {
        FieldElement.Add(v.X2, v.Z2, out v.A);
        FieldElement.Square(v.A, out v.AA);
        FieldElement.Subtract(v.X2, v.Z2, out v.B);
        FieldElement.Square(v.B, out v.BB);
        FieldElement.Subtract(v.AA, v.BB, out v.E);
        FieldElement.Add(v.X3, v.Z3, out v.C);
        FieldElement.Subtract(v.X3, v.Z3, out v.D);
        FieldElement.Multiply(v.D, v.A, out v.DA);
        FieldElement.Multiply(v.C, v.B, out v.CB);
        FieldElement.Add(v.DA, v.CB, out v.X3);
        FieldElement.Square(v.X3, out v.X3);
        FieldElement.Subtract(v.DA, v.CB, out v.Z3);
        FieldElement.Square(v.Z3, out v.Z3);
        FieldElement.Multiply(v.X1, v.Z3, out v.Z3);
        FieldElement.Multiply(v.AA, v.BB, out v.X2);
        FieldElement.MultiplySmall(v.E, A24, out v.Z2);
        FieldElement.Add(v.AA, v.Z2, out v.Z2);
        FieldElement.Multiply(v.E, v.Z2, out v.Z2);
    }

    /// <summary>Z2 = Z2^(p - 2), which is 1 / Z2, or 0 of 0 (Fermat). The names tell how many bits of the exponent are ones.</summary>
    private static void Invert(ref Variables v)
    {
        ref FieldElement z = ref v.Z2, z9 = ref v.A, z11 = ref v.B, ones5 = ref v.C, ones10 = ref v.D, ones50 = ref v.E, x = ref v.AA, t = ref v.BB;
        SquareTimes(z, 1, out z11);
        SquareTimes(z11, 2, out t);
        FieldElement.Multiply(z, t, out z9);
        FieldElement.Multiply(z11, z9, out z11);
        SquareTimes(z11, 1, out t);
        FieldElement.Multiply(z9, t, out ones5);
        SquareTimes(ones5, 5, out t);
        FieldElement.Multiply(t, ones5, out ones10);
        SquareTimes(ones10, 10, out t);
        FieldElement.Multiply(t, ones10, out x); // 20
        SquareTimes(x, 20, out t);
        FieldElement.Multiply(t, x, out t); // 40
        SquareTimes(t, 10, out t);
        FieldElement.Multiply(t, ones10, out ones50);
        SquareTimes(ones50, 50, out t);
        FieldElement.Multiply(t, ones50, out x); // 100
        SquareTimes(x, 100, out t);
        FieldElement.Multiply(t, x, out t); // 200
        SquareTimes(t, 50, out t);
        FieldElement.Multiply(t, ones50, out t); // 250
        SquareTimes(t, 5, out t);
        FieldElement.Multiply(t, z11, out z);
    }

    private static void SquareTimes(in FieldElement f, int times, out FieldElement h)
    {
        FieldElement.Square(f, out h);
        for (int i = 1; i < times; i++)
        {
            FieldElement.Square(h, out h);
        }
    }
}
