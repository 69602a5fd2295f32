using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Crypto;
using Rfc7748 = Org.BouncyCastle.Math.EC.Rfc7748;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>The three ways in which a product is computed, each by itself.</summary>
public sealed class X25519PathsTests
{
    private const int Length = X25519.KeyLength;

    /// <summary>A ladder on any processor, one ladder in AVX2's lanes, and a lane for each ladder.</summary>
    public enum Way
    {
        Portable,
        One,
        Each,
    }

    public static TheoryData<Way> Ways => Avx2.IsSupported ? [Way.Portable, Way.One, Way.Each] : [Way.Portable];

    [Theory]
    [MemberData(nameof(Ways))]
    public void PassesWycheproof(Way way)
    {
        int lane = 0;
        foreach (WycheproofCase test in WycheproofFile.Read("x25519_test.json"))
        {
            byte[] product = Multiply(way, test.Bytes("private"), test.Bytes("public"), lane++ % X25519Lanes.Count);

            Assert.True(test.Bytes("shared").AsSpan().SequenceEqual(product), test.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void AgreesWithBouncyCastleOnRandomPoints(Way way)
    {
        int rounds = Environment.GetEnvironmentVariable("CHASQUI_STRESS") is null ? 500 : 300_000;
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] scalar = new byte[Length], point = new byte[Length], expected = new byte[Length];
        for (int i = 0; i < rounds; i++)
        {
            random.NextBytes(scalar);
            random.NextBytes(point);
            MakeExtreme(random, i % 8 == 0 ? scalar : []);
            MakeExtreme(random, i % 4 == 0 ? point : []);
            Rfc7748.X25519.ScalarMult(scalar, 0, point, 0, expected, 0);

            byte[] product = Multiply(way, scalar, point, i % X25519Lanes.Count);

            Assert.True(expected.AsSpan().SequenceEqual(product), $"seed {seed}, round {i}: {Convert.ToHexString(scalar)} {Convert.ToHexString(point)}");
        }
    }

    /// <summary>Every coordinate from 0 to 40 and from 2^255 - 40 to 2^255, with and without the top bit: low order and not canonical among them.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void AgreesWithBouncyCastleAtTheEdges(Way way)
    {
        byte[] scalar = new byte[Length], expected = new byte[Length];
        new Random(1).NextBytes(scalar);
        for (int i = -40; i <= 40; i++)
        {
            byte[] point = [.. Enumerable.Repeat((byte)(i >> 8), Length)];
            point[0] = (byte)i;
            foreach (int top in (int[])[0, 0x80])
            {
                point[^1] = (byte)((point[^1] & 0x7F) | top);
                Rfc7748.X25519.ScalarMult(scalar, 0, point, 0, expected, 0);

                Assert.Equal(expected, Multiply(way, scalar, point, lane: i & 3));
            }
        }
    }

    /// <summary>Source: RFC 7748 section 5.2, the iterated test; the last line of it takes a minute.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void IteratesAsTheRfcDoes(Way way)
    {
        bool isWhole = Environment.GetEnvironmentVariable("CHASQUI_STRESS") is not null;
        byte[] scalar = [9, .. new byte[31]], point = [9, .. new byte[31]];
        for (int i = 0; i < (isWhole ? 1_000_000 : 1_000); i++)
        {
            byte[] product = Multiply(way, scalar, point, i % X25519Lanes.Count);
            (scalar, point) = (product, scalar);
        }

        Assert.Equal(
            isWhole ? "7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424"
                : "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
            Convert.ToHexStringLower(scalar));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    public void ComputesAnyNumberOfProductsAlsoOverTheirInputs(int count)
    {
        byte[] scalars = new byte[count * Length], points = new byte[count * Length], products = new byte[count * Length], expected = new byte[count * Length];
        new Random(count).NextBytes(scalars);
        new Random(~count).NextBytes(points);
        for (int i = 0; i < scalars.Length; i += Length)
        {
            Rfc7748.X25519.ScalarMult(scalars, i, points, i, expected, i);
        }

        X25519.Multiply(scalars, points, products);
        Assert.Equal(expected, products);
        X25519.MultiplyPortable(scalars, points, points);
        Assert.Equal(expected, points);
        new Random(~count).NextBytes(points);
        X25519.Multiply(scalars, points, scalars);
        Assert.Equal(expected, scalars);
    }

    [Fact]
    public void ABatchComputesWhatWasAddedAndForgetsIt()
    {
        byte[] scalar = new byte[Length], first = new byte[Length], second = new byte[Length];
        new Random(5).NextBytes(scalar);
        Assert.True(X25519.TryAgree(scalar, X25519.BasePoint, first));
        Assert.True(X25519.TryAgree(scalar, first, second));
        X25519Batch batch = default;

        batch.Add(scalar, X25519.BasePoint);
        batch.Add(scalar, first);
        batch.Add(scalar, new byte[Length]);
        batch.Compute();
        Assert.True(batch[0].SequenceEqual(first));
        Assert.True(batch[1].SequenceEqual(second));
        Assert.True(batch[2].SequenceEqual(new byte[Length]));

        batch.Dispose();
        Assert.False(batch[1].ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void RefusesWhatAreNoPairs()
    {
        byte[] two = new byte[2 * Length], three = new byte[3 * Length], odd = new byte[Length + 1];

        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.Multiply(two, three, two));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.Multiply(two, two, three));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.Multiply(odd, odd, odd));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.MultiplyPortable(two, three, two));
    }

    [Fact]
    public void AllocatesNothing()
    {
        byte[] scalars = new byte[4 * Length], points = new byte[4 * Length], products = new byte[4 * Length];
        X25519.Multiply(scalars, points, products);
        X25519.MultiplyPortable(scalars, points, products);

        long allocated = Heap.LeastAllocatedBy(() =>
        {
            X25519.Multiply(scalars, points, products);
            X25519.MultiplyPortable(scalars, points, products);
            _ = X25519.TryAgree(scalars.AsSpan(0, Length), points.AsSpan(0, Length), products.AsSpan(0, Length));
        });

        Assert.Equal(0, allocated);
    }

    /// <summary>Long runs of ones and zeros, which make carries run far.</summary>
    private static void MakeExtreme(Random random, Span<byte> number)
    {
        for (int i = random.Next(Length + 1); i < number.Length; i++)
        {
            number[i] = (byte)(random.Next(8) == 0 ? random.Next(256) : random.Next(2) * 0xFF);
        }
    }

    private static byte[] Multiply(Way way, byte[] scalar, byte[] point, int lane)
    {
        byte[] product = new byte[Length];
        switch (way)
        {
            case Way.Portable:
                X25519.MultiplyPortable(scalar, point, product);
                return product;
            case Way.One:
                X25519Lanes.MultiplyOne(scalar, point, product);
                return product;
            default:
                byte[] scalars = new byte[X25519Lanes.Count * Length], points = new byte[X25519Lanes.Count * Length];
                Array.Fill(scalars, (byte)0x5A);
                Array.Fill(points, (byte)0xA5);
                scalar.CopyTo(scalars, lane * Length);
                point.CopyTo(points, lane * Length);
                X25519Lanes.MultiplyEach(scalars, points, points);
                return points[(lane * Length)..((lane + 1) * Length)];
        }
    }
}
