using Chasqui.Core.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace Chasqui.Core.Tests.Crypto;

public sealed class KdfTests
{
    private const int Length = 32;

    /// <summary>Computed with Python's hmac and hashlib.blake2s; chaining key 00..1f.</summary>
    [Theory]
    [InlineData(
        "808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9F",
        "A1184F94ACC4DF8CC7EC312B85B80BDAAC0AE5248C7D82841CCC1C37C01DE2FB",
        "92A78C15C9DF42C2B3E06157D8BB680CEA4B01AA8F5F8798703581BAED6B23F0",
        "BB562BC2FF5CC7EFCC186849BBAFECA342467E2FD5932B34B64654EC6591DFD0")]
    [InlineData(
        "",
        "7A38C34BF2B8738D7374CA77C44ECB309A11D2B2528304FA86052C365E722624",
        "1A17621F346ABDC520746A9FB64D8EB03231D674FC15687537B0780FD9C060FD",
        "4EAF02809AC4B930EF63479DE62275F1C55656E61F78A3CC653C18A2223D6C5F")]
    public void DerivesTheKnownAnswers(string input, string first, string second, string third)
    {
        byte[] chainingKey = [.. Enumerable.Range(0, Length).Select(i => (byte)i)];
        byte[] one = new byte[Length], two = new byte[Length], three = new byte[Length];

        Kdf.Derive3(chainingKey, Convert.FromHexString(input), one, two, three);

        Assert.Equal([first, second, third], [Convert.ToHexString(one), Convert.ToHexString(two), Convert.ToHexString(three)]);
    }

    [Fact]
    public void IsHkdfWithTheChainingKeyAsSalt()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] chainingKey = new byte[Length], one = new byte[Length], two = new byte[Length], three = new byte[Length];
        byte[] expected = new byte[3 * Length];
        for (int i = 0; i < 500; i++)
        {
            byte[] input = new byte[random.Next(1, 100)];
            random.NextBytes(input);
            random.NextBytes(chainingKey);
            var oracle = new HkdfBytesGenerator(new Blake2sDigest(256));
            oracle.Init(new HkdfParameters(input, chainingKey, null));
            oracle.GenerateBytes(expected, 0, expected.Length);

            Kdf.Derive3(chainingKey, input, one, two, three);

            Assert.True(expected.AsSpan().SequenceEqual((byte[])[.. one, .. two, .. three]), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void ShorterDerivationsAreTheFrontOfLongerOnes()
    {
        byte[] chainingKey = new byte[Length], input = [1, 2, 3];
        byte[] one = new byte[Length], two = new byte[Length], three = new byte[Length], first = new byte[Length], second = new byte[Length];
        Kdf.Derive3(chainingKey, input, one, two, three);

        Kdf.Derive1(chainingKey, input, first);
        Assert.Equal(one, first);

        Kdf.Derive2(chainingKey, input, first, second);
        Assert.Equal(one, first);
        Assert.Equal(two, second);
    }

    [Fact]
    public void OutputsMayBeTheChainingKeyOrTheInput()
    {
        byte[] chainingKey = [.. Enumerable.Repeat((byte)9, Length)], input = [.. Enumerable.Repeat((byte)8, Length)];
        byte[] one = new byte[Length], two = new byte[Length], three = new byte[Length], last = new byte[Length];
        Kdf.Derive3(chainingKey, input, one, two, three);

        Kdf.Derive3(chainingKey, input, chainingKey, input, last);

        Assert.Equal(one, chainingKey);
        Assert.Equal(two, input);
        Assert.Equal(three, last);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(64)]
    public void HmacAgreesWithBouncyCastle(int keyLength)
    {
        byte[] key = new byte[keyLength], input = [.. Enumerable.Repeat((byte)7, 77)], expected = new byte[Length], mac = new byte[Length];
        new Random(keyLength).NextBytes(key);
        var oracle = new HMac(new Blake2sDigest(256));
        oracle.Init(new KeyParameter(key));
        oracle.BlockUpdate(input, 0, input.Length);
        oracle.DoFinal(expected, 0);

        Kdf.Hmac(key, input, mac);

        Assert.Equal(expected, mac);
    }

    [Fact]
    public void RefusesOutputsOfWrongLength()
    {
        byte[] key = new byte[Length];

        Assert.Throws<ArgumentOutOfRangeException>(() => Kdf.Derive1(key, [], new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kdf.Derive2(key, [], new byte[Length], new byte[33]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kdf.Derive3(key, [], new byte[Length], new byte[Length], new byte[16]));
    }

    [Fact]
    public void AllocatesNothing()
    {
        byte[] key = new byte[Length], one = new byte[Length], two = new byte[Length], three = new byte[Length];
        Kdf.Derive3(key, key, one, two, three);

        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Kdf.Derive3(key, key, one, two, three);
            }
        });

        Assert.Equal(0, allocated);
    }
}
