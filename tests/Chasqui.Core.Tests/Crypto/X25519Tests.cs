using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

public sealed class X25519Tests
{
    /// <summary>Source: RFC 7748 section 5.2.</summary>
    [Theory]
    [InlineData(
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData(
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void MultipliesAsTheRfcDoes(string scalar, string coordinate, string expected)
    {
        byte[] shared = new byte[32];

        Assert.True(X25519.TryAgree(Convert.FromHexString(scalar), Convert.FromHexString(coordinate), shared));
        Assert.Equal(expected, Convert.ToHexStringLower(shared));
    }

    /// <summary>Source: RFC 7748 section 5.2, the iterated test.</summary>
    [Theory]
    [InlineData(1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")]
    [InlineData(1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51")]
    public void IteratesAsTheRfcDoes(int times, string expected)
    {
        byte[] scalar = [9, .. new byte[31]], coordinate = [9, .. new byte[31]];
        for (int i = 0; i < times; i++)
        {
            byte[] result = new byte[32];
            Assert.True(X25519.TryAgree(scalar, coordinate, result));
            (scalar, coordinate) = (result, scalar);
        }

        Assert.Equal(expected, Convert.ToHexStringLower(scalar));
    }

    /// <summary>Source: RFC 7748 section 6.1.</summary>
    [Fact]
    public void AliceAndBobAgree()
    {
        byte[] alice = Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] alicePublic = new byte[32], bobPublic = new byte[32], first = new byte[32], second = new byte[32];

        X25519.DerivePublicKey(alice, alicePublic);
        X25519.DerivePublicKey(bob, bobPublic);
        Assert.Equal("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", Convert.ToHexStringLower(alicePublic));
        Assert.Equal("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", Convert.ToHexStringLower(bobPublic));

        Assert.True(X25519.TryAgree(alice, bobPublic, first));
        Assert.True(X25519.TryAgree(bob, alicePublic, second));
        Assert.Equal("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", Convert.ToHexStringLower(first));
        Assert.Equal(first, second);
    }

    [Fact]
    public void PassesWycheproof()
    {
        foreach (WycheproofCase test in WycheproofFile.Read("x25519_test.json"))
        {
            byte[] shared = [.. Enumerable.Repeat((byte)0xA5, 32)];

            bool agreed = X25519.TryAgree(test.Bytes("private"), test.Bytes("public"), shared);

            Assert.True(agreed != test.HasFlag("ZeroSharedSecret"), test.ToString());
            Assert.True(test.Bytes("shared").AsSpan().SequenceEqual(shared), test.ToString());
        }
    }

    /// <summary>The points of order 1, 2, 4 and 8 on the curve and its twist, also unreduced and with the top bit set.</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void RefusesPointsOfLowOrder(string coordinate)
    {
        byte[] scalar = new byte[32], shared = [.. Enumerable.Repeat((byte)0xA5, 32)];
        new Random(1).NextBytes(scalar);

        Assert.False(X25519.TryAgree(scalar, Convert.FromHexString(coordinate), shared));
        Assert.Equal(new byte[32], shared);
    }

    [Fact]
    public void ReducesCoordinatesAboveThePrimeAndIgnoresTheTopBit()
    {
        byte[] scalar = new byte[32], canonical = new byte[32], unreduced = new byte[32], topBit = new byte[32];
        new Random(2).NextBytes(scalar);
        Assert.True(X25519.TryAgree(scalar, [9, .. new byte[31]], canonical));

        // 2^255 - 19 + 9 is 9.
        Assert.True(X25519.TryAgree(scalar, [0xF6, .. Enumerable.Repeat((byte)0xFF, 30), 0x7F], unreduced));
        Assert.True(X25519.TryAgree(scalar, [9, .. new byte[30], 0x80], topBit));

        Assert.Equal(canonical, unreduced);
        Assert.Equal(canonical, topBit);
    }

    [Fact]
    public void PublicKeyIsTheProductWithTheBasePointWhetherClampedOrNot()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] scalar = new byte[32], derived = new byte[32], multiplied = new byte[32];
        for (int i = 0; i < 100; i++)
        {
            random.NextBytes(scalar);
            X25519.DerivePublicKey(scalar, derived);
            Core.Keys.PrivateKey.Clamp(scalar);
            Assert.True(X25519.TryAgree(scalar, [9, .. new byte[31]], multiplied));

            Assert.True(derived.AsSpan().SequenceEqual(multiplied), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void OutputsMayBeTheInputs()
    {
        byte[] scalar = new byte[32], point = [9, .. new byte[31]], expected = new byte[32], publicKey = new byte[32];
        new Random(3).NextBytes(scalar);
        Assert.True(X25519.TryAgree(scalar, point, expected));
        X25519.DerivePublicKey(scalar, publicKey);

        Assert.True(X25519.TryAgree(scalar, point, point));
        X25519.DerivePublicKey(scalar, scalar);

        Assert.Equal(expected, point);
        Assert.Equal(publicKey, scalar);
    }

    [Fact]
    public void ManyThreadsGetTheSameAnswers()
    {
        byte[] expected = new byte[32];
        X25519.DerivePublicKey([1, .. new byte[31]], expected);

        Parallel.For(0, 64, _ =>
        {
            byte[] derived = new byte[32];
            X25519.DerivePublicKey([1, .. new byte[31]], derived);
            Assert.Equal(expected, derived);
        });
    }

    [Fact]
    public void RefusesWrongLengths()
    {
        byte[] key = new byte[32];

        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.TryAgree(new byte[31], key, key));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.TryAgree(key, new byte[33], key));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.TryAgree(key, key, new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.DerivePublicKey(new byte[31], key));
        Assert.Throws<ArgumentOutOfRangeException>(() => X25519.DerivePublicKey(key, new byte[33]));
    }
}
