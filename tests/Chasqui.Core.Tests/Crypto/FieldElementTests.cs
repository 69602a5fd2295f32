using System.Numerics;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>Limbs as large as the invariants let them be, against numbers of any size.</summary>
public sealed class FieldElementTests
{
    private const ulong Reduced = (1UL << 51) + (1UL << 16) - 1; // what products are at most
    private const ulong Sum = (1UL << 53) - 1; // and factors

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    [Fact]
    public void MultipliesLimbsOfAnySizeAllowed()
    {
        var random = new Random(1);
        for (int i = 0; i < 4_000; i++)
        {
            FieldElement f = Limbs(random, Sum), g = Limbs(random, Sum);

            FieldElement.Multiply(f, g, out FieldElement product);
            AssertReduced(product, Value(f) * Value(g));
            FieldElement.Square(f, out FieldElement square);
            AssertReduced(square, Value(f) * Value(f));
            FieldElement.MultiplySmall(f, X25519Ladder.A24, out FieldElement small);
            AssertReduced(small, Value(f) * X25519Ladder.A24);
        }
    }

    [Fact]
    public void SumsAndDifferencesOfProductsMayBeMultiplied()
    {
        var random = new Random(2);
        for (int i = 0; i < 4_000; i++)
        {
            FieldElement f = Limbs(random, Reduced), g = Limbs(random, Reduced);

            FieldElement.Add(f, g, out FieldElement sum);
            FieldElement.Subtract(f, g, out FieldElement difference);

            AssertIs(sum, Value(f) + Value(g));
            AssertIs(difference, Value(f) - Value(g));
            Assert.All((ulong[])[.. LimbsOf(sum), .. LimbsOf(difference)], limb => Assert.True(limb <= Sum));
        }
    }

    [Fact]
    public void WritesTheOneNumberBelowThePrime()
    {
        var random = new Random(3);
        for (int i = 0; i < 4_000; i++)
        {
            FieldElement f = Limbs(random, Reduced);
            byte[] bytes = new byte[32];

            FieldElement.Write(f, bytes);

            Assert.Equal(Value(f) % Prime, new BigInteger(bytes, isUnsigned: true));
        }
    }

    [Fact]
    public void WritesEveryNumberNearThePrime()
    {
        byte[] bytes = new byte[32], again = new byte[32];
        for (int i = -64; i < 19; i++)
        {
            (Prime + i).TryWriteBytes(bytes, out _, isUnsigned: true);
            FieldElement.Read(bytes, out FieldElement f);
            FieldElement.Write(f, again);

            Assert.Equal((Prime + i) % Prime, new BigInteger(again, isUnsigned: true));
        }
    }

    /// <summary>Limbs at, near and below the largest.</summary>
    private static FieldElement Limbs(Random random, ulong largest) => new()
    {
        L0 = Limb(random, largest),
        L1 = Limb(random, largest),
        L2 = Limb(random, largest),
        L3 = Limb(random, largest),
        L4 = Limb(random, largest),
    };

    private static ulong Limb(Random random, ulong largest) => random.Next(4) switch
    {
        0 => largest,
        1 => largest - (ulong)random.Next(20),
        2 => (ulong)random.Next(20),
        _ => (ulong)random.NextInt64((long)largest),
    };

    private static ulong[] LimbsOf(in FieldElement f) => [f.L0, f.L1, f.L2, f.L3, f.L4];

    private static BigInteger Value(in FieldElement f) =>
        f.L0 + ((BigInteger)f.L1 << 51) + ((BigInteger)f.L2 << 102) + ((BigInteger)f.L3 << 153) + ((BigInteger)f.L4 << 204);

    private static void AssertReduced(in FieldElement actual, BigInteger expected)
    {
        Assert.All(LimbsOf(actual), limb => Assert.True(limb <= Reduced));
        AssertIs(actual, expected);
    }

    private static void AssertIs(in FieldElement actual, BigInteger expected) =>
        Assert.Equal(BigInteger.Zero, (Value(actual) - expected) % Prime);
}
