using Chasqui.Core.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace Chasqui.Core.Tests.Crypto;

public sealed class Blake2sTests
{
    /// <summary>Source: RFC 7693 appendix B.</summary>
    [Fact]
    public void HashesAbcAsTheRfcDoes()
    {
        byte[] digest = new byte[Blake2s.HashLength];

        Blake2s.Hash("abc"u8, [], digest);

        Assert.Equal("508C5E8C327C14E2E1A72BA34EEB452F37458B209ED63A294D999B4C86675982", Convert.ToHexString(digest));
    }

    /// <summary>The hash of many hashes, plain and keyed, of many lengths. Source: RFC 7693 appendix E.</summary>
    [Fact]
    public void PassesTheSelfTestOfTheRfc()
    {
        var digests = new List<byte>();
        foreach (int digestLength in (int[])[16, 20, 28, 32])
        {
            byte[] digest = new byte[digestLength];
            foreach (int inputLength in (int[])[0, 3, 64, 65, 255, 1024])
            {
                byte[] input = SelfTestSequence(inputLength, (uint)inputLength);
                Blake2s.HashKeyed([], input, digest);
                digests.AddRange(digest);
                Blake2s.HashKeyed(SelfTestSequence(digestLength, (uint)digestLength), input, digest);
                digests.AddRange(digest);
            }
        }

        byte[] result = new byte[Blake2s.HashLength];
        Blake2s.Hash(digests.ToArray(), [], result);

        Assert.Equal("6A411F08CE25ADCDFB02ABA641451CEC53C598B24F4FC787FBDC88797F4C1DFE", Convert.ToHexString(result));
    }

    [Fact]
    public void HashesTheConcatenationWhereverItIsCut()
    {
        byte[] input = SelfTestSequence(200, 7), whole = new byte[32], cut = new byte[32];
        for (int length = 0; length <= input.Length; length++)
        {
            Blake2s.Hash(input.AsSpan(0, length), [], whole);
            for (int first = 0; first <= length; first++)
            {
                Blake2s.Hash(input.AsSpan(0, first), input.AsSpan(first, length - first), cut);

                Assert.Equal(whole, cut);
            }
        }
    }

    [Fact]
    public void AgreesWithBouncyCastle()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int i = 0; i < 5000; i++)
        {
            byte[] key = new byte[random.Next(33)], input = new byte[random.Next(400)], digest = new byte[random.Next(1, 33)];
            byte[] expected = new byte[digest.Length];
            random.NextBytes(key);
            random.NextBytes(input);
            var oracle = new Blake2sDigest(key, digest.Length, null, null);
            oracle.BlockUpdate(input, 0, input.Length);
            oracle.DoFinal(expected, 0);

            Blake2s.HashKeyed(key, input, digest);

            Assert.True(expected.AsSpan().SequenceEqual(digest), $"seed {seed}, round {i}: {input.Length} bytes, key of {key.Length}");
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void MacIsKeyedAndSixteenBytesLong(int keyLength)
    {
        byte[] key = SelfTestSequence(keyLength, 3), input = SelfTestSequence(116, 4), mac = new byte[16], expected = new byte[16];
        var oracle = new Blake2sDigest(key, 16, null, null);
        oracle.BlockUpdate(input, 0, input.Length);
        oracle.DoFinal(expected, 0);

        Blake2s.Mac(key, input, mac);

        Assert.Equal(expected, mac);
    }

    [Fact]
    public void MayHashInPlace()
    {
        byte[] buffer = SelfTestSequence(32, 5), expected = new byte[32];
        Blake2s.Hash(buffer, "suffix"u8, expected);

        Blake2s.Hash(buffer, "suffix"u8, buffer);

        Assert.Equal(expected, buffer);
    }

    [Fact]
    public void RefusesWrongLengths()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake2s.Hash([], [], new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake2s.Mac(new byte[32], [], new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake2s.Mac(new byte[15], [], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake2s.Mac(new byte[33], [], new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake2s.HashKeyed([], [], new byte[33]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake2s.HashKeyed([], [], []));
    }

    [Fact]
    public void AllocatesNothing()
    {
        byte[] key = new byte[32], input = new byte[116], digest = new byte[32];
        Blake2s.Hash(key, input, digest);
        Blake2s.Mac(key, input, digest.AsSpan(0, 16));

        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                Blake2s.Hash(key, input, digest);
                Blake2s.Mac(key, input, digest.AsSpan(0, 16));
            }
        });

        Assert.Equal(0, allocated);
    }

    /// <summary>The deterministic input of RFC 7693 appendix E: a Fibonacci sequence's high bytes.</summary>
    private static byte[] SelfTestSequence(int length, uint seed)
    {
        byte[] sequence = new byte[length];
        uint a = unchecked(0xDEAD4BAD * seed), b = 1;
        for (int i = 0; i < length; i++)
        {
            (a, b) = (b, unchecked(a + b));
            sequence[i] = (byte)(b >> 24);
        }

        return sequence;
    }
}
