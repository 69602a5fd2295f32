using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>Limbs as large as the invariants let them be, in all lanes, against numbers of any size.</summary>
public sealed unsafe class FieldLanesTests : IDisposable
{
    private const int Lanes = 4;
    private const int Rounds = 1_000;

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    private readonly Vector256<ulong>* _memory = (Vector256<ulong>*)NativeMemory.AlignedAlloc(10 * FieldLanes.Stride * 32, 64);
    private readonly Random _random = new(1);

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    [Fact]
    public void MultipliesLimbsOfAnySizeAllowed()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        Vector256<ulong>* f = Element(0), g = Element(1), h = Element(2);
        for (int round = 0; round < Rounds; round++)
        {
            FillWithFactors(f);
            FillWithFactors(g);
            BigInteger[] left = Values(f), right = Values(g);

            FieldLanes.Multiply(h, f, g);
            AssertReduced(h, lane => left[lane] * right[lane]);
            FieldLanes.MultiplyPrepared(h, f, g);
            AssertReduced(h, lane => left[lane] * right[lane]);
            FieldLanes.MultiplySmall(h, f, X25519Ladder.A24);
            AssertReduced(h, lane => left[lane] * X25519Ladder.A24);
            FieldLanes.Square(h, f);
            AssertReduced(h, lane => left[lane] * left[lane]);
        }
    }

    [Fact]
    public void OutputsMayBeInputs()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        Vector256<ulong>* f = Element(0), g = Element(1);
        for (int round = 0; round < 100; round++)
        {
            FillWithFactors(f);
            FillWithFactors(g);
            BigInteger[] left = Values(f), right = Values(g);

            FieldLanes.Multiply(g, f, g);
            AssertReduced(g, lane => left[lane] * right[lane]);
            FieldLanes.Square(f, f);
            AssertReduced(f, lane => left[lane] * left[lane]);
            FieldLanes.Multiply(f, f, f);
            AssertReduced(f, lane => BigInteger.Pow(left[lane], 4));
        }
    }

    /// <summary>The largest factors that the ladder makes: a reduced limb and the largest of 2p.</summary>
    [Fact]
    public void FactorsAreTheDifferencesOfReducedElements()
    {
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            Assert.True(LargestReduced(i) + FieldLanes.TwicePrime(i) <= LargestFactor(i));
            Assert.True(FieldLanes.TwicePrime(i) >= LargestReduced(i), "a difference would go below zero");
            Assert.True(LargestFactor(i) * 19 <= uint.MaxValue, "the instruction multiplies 32 bits");
        }
    }

    [Fact]
    public void TwicePrimeIsTwiceThePrime() =>
        Assert.Equal(2 * Prime, Enumerable.Range(0, FieldLanes.Limbs).Aggregate(BigInteger.Zero, (sum, i) => sum + (FieldLanes.TwicePrime(i) * Weight(i))));

    [Fact]
    public void InvertsAndLeavesZeroZero()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        Vector256<ulong>* z = Element(0);
        for (int round = 0; round < 50; round++)
        {
            FillWithFactors(z);
            for (int i = 0; i < FieldLanes.Limbs; i++)
            {
                ((ulong*)(z + i))[2] = 0;
            }

            BigInteger[] before = Values(z);
            FieldLanes.Invert(z, Element(1));
            AssertReduced(z, lane => BigInteger.ModPow(before[lane], Prime - 2, Prime));
        }
    }

    [Fact]
    public void ReadsAndWritesLanes()
    {
        Assert.SkipUnless(Avx2.IsSupported, "needs AVX2");
        Vector256<ulong>* f = Element(0);
        byte[] bytes = new byte[32], again = new byte[32];
        for (int round = 0; round < 1_000; round++)
        {
            _random.NextBytes(bytes);
            FieldLanes.ReadLane(f, round % Lanes, bytes);
            FieldLanes.WriteLane(f, round % Lanes, again);

            bytes[31] &= 0x7F;
            Assert.Equal(new BigInteger(bytes, isUnsigned: true) % Prime, new BigInteger(again, isUnsigned: true));
        }
    }

    private static ulong LargestReduced(int i) => (i & 1) == 0 ? (1UL << 26) - 1 : (1UL << 25) + (1UL << 17) - 1;

    private static ulong LargestFactor(int i) => (i & 1) == 0 ? 3UL << 26 : (3UL << 25) + (1UL << 17);

    private static BigInteger Weight(int i) => BigInteger.One << ((51 * i) + 1 >> 1);

    private Vector256<ulong>* Element(int i) => _memory + (FieldLanes.Stride * i) + FieldLanes.Limbs;

    private void FillWithFactors(Vector256<ulong>* f)
    {
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                ulong largest = LargestFactor(i);
                ((ulong*)(f + i))[lane] = _random.Next(3) switch
                {
                    0 => largest,
                    1 => largest - (ulong)_random.Next(20),
                    _ => (ulong)_random.NextInt64((long)largest),
                };
            }
        }
    }

    private static BigInteger[] Values(Vector256<ulong>* f)
    {
        var values = new BigInteger[Lanes];
        for (int i = 0; i < FieldLanes.Limbs; i++)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                values[lane] += ((ulong*)(f + i))[lane] * Weight(i);
            }
        }

        return values;
    }

    private static void AssertReduced(Vector256<ulong>* actual, Func<int, BigInteger> expected)
    {
        BigInteger[] values = Values(actual);
        for (int lane = 0; lane < Lanes; lane++)
        {
            Assert.Equal(BigInteger.Zero, (values[lane] - expected(lane)) % Prime);
            for (int i = 0; i < FieldLanes.Limbs; i++)
            {
                Assert.True(((ulong*)(actual + i))[lane] <= LargestReduced(i), $"limb {i} of lane {lane}");
            }
        }
    }
}
