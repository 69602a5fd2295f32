using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

public sealed class HandshakeAeadTests
{
    private const int TagLength = ProtocolConstants.TagLength;

    /// <summary>Source: RFC 8439 section 2.8.2.</summary>
    [Fact]
    public void SealsTheSunscreenOfTheRfc()
    {
        byte[] key = Convert.FromHexString("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        byte[] nonce = Convert.FromHexString("070000004041424344454647");
        byte[] associatedData = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        byte[] plaintext =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8.ToArray();
        byte[] output = new byte[plaintext.Length + TagLength];

        HandshakeAead.Seal(key, nonce, associatedData, plaintext, output);

        Assert.Equal(
            """
            d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
            3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
            92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
            3ff4def08e4b7a9de576d26586cec64b6116
            1ae10b594f09e26a7e902ecbd0600691
            """.ReplaceLineEndings(""),
            Convert.ToHexStringLower(output));
    }

    /// <summary>The nonce begins with four zero bytes, so that a counter can make it. Source: RFC 8439 appendix A.5.</summary>
    [Fact]
    public void OpensTheInternetDraftOfTheRfc()
    {
        byte[] key = Convert.FromHexString("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
        byte[] associatedData = Convert.FromHexString("f33388860000000000004e91");
        byte[] input = Convert.FromHexString(
            """
            64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2
            4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf
            332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855
            9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4
            b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e
            af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a
            0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10
            49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29
            a6ad5cb4022b02709b
            eead9d67890cbb22392336fea1851f38
            """.ReplaceLineEndings(""));
        byte[] plaintext = new byte[input.Length - TagLength];

        Assert.True(HandshakeAead.TryOpen(key, 0x0807060504030201, associatedData, input, plaintext));
        Assert.Equal(
            "Internet-Drafts are draft documents valid for a maximum of six months and may be updated, replaced, or obsoleted by other "
            + "documents at any time. It is inappropriate to use Internet-Drafts as reference material or to cite them other than as "
            + "/“work in progress./”",
            Encoding.UTF8.GetString(plaintext));
    }

    [Fact]
    public void PassesWycheproof()
    {
        int sealedCases = 0;
        foreach (WycheproofCase test in WycheproofFile.Read("chacha20_poly1305_test.json"))
        {
            byte[] key = test.Bytes("key"), nonce = test.Bytes("iv"), associatedData = test.Bytes("aad"), message = test.Bytes("msg");
            byte[] input = [.. test.Bytes("ct"), .. test.Bytes("tag")], output = new byte[message.Length];
            if (test.HasFlag("InvalidNonceSize"))
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => HandshakeAead.TryOpen(key, nonce, associatedData, input, output));
                continue;
            }

            Assert.True(test.IsValid == HandshakeAead.TryOpen(key, nonce, associatedData, input, output), test.ToString());
            Assert.True(output.AsSpan().SequenceEqual(test.IsValid ? message : new byte[message.Length]), test.ToString());
            if (test.IsValid)
            {
                HandshakeAead.Seal(key, nonce, associatedData, message, input);
                Assert.True(input.AsSpan().SequenceEqual([.. test.Bytes("ct"), .. test.Bytes("tag")]), test.ToString());
                sealedCases++;
            }
        }

        Assert.True(sealedCases > 200, $"only {sealedCases} valid cases");
    }

    [Fact]
    public void AgreesWithTheFramework()
    {
        Assert.SkipUnless(ChaCha20Poly1305.IsSupported, "the framework has no ChaCha20-Poly1305 here");
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] key = new byte[32], nonce = new byte[12];
        for (int i = 0; i < 500; i++)
        {
            byte[] associatedData = new byte[random.Next(100)], plaintext = new byte[random.Next(300)];
            byte[] expected = new byte[plaintext.Length + TagLength], output = new byte[expected.Length];
            ulong counter = (ulong)random.NextInt64();
            random.NextBytes(key);
            random.NextBytes(associatedData);
            random.NextBytes(plaintext);
            BinaryPrimitives.WriteUInt64LittleEndian(nonce.AsSpan(4), counter);
            using (var oracle = new ChaCha20Poly1305(key))
            {
                oracle.Encrypt(nonce, plaintext, expected.AsSpan(0, plaintext.Length), expected.AsSpan(plaintext.Length), associatedData);
            }

            HandshakeAead.Seal(key, counter, associatedData, plaintext, output);

            Assert.True(expected.AsSpan().SequenceEqual(output), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void RefusesEveryChangedBitAndClearsTheOutput()
    {
        byte[] key = Bytes(32, 1), associatedData = Bytes(32, 2), plaintext = Bytes(32, 3), output = new byte[32];
        byte[] input = new byte[32 + TagLength];
        HandshakeAead.Seal(key, 5, associatedData, plaintext, input);
        foreach (byte[] part in (byte[][])[key, associatedData, input])
        {
            for (int bit = 0; bit < 8 * part.Length; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                output.AsSpan().Fill(0xA5);

                Assert.False(HandshakeAead.TryOpen(key, 5, associatedData, input, output));
                Assert.Equal(new byte[32], output);
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.False(HandshakeAead.TryOpen(key, 6, associatedData, input, output));
        Assert.True(HandshakeAead.TryOpen(key, 5, associatedData, input, output));
        Assert.Equal(plaintext, output);
    }

    [Fact]
    public void RefusesWhatIsShorterThanATag()
    {
        byte[] key = Bytes(32, 1);
        for (int length = 0; length < TagLength; length++)
        {
            Assert.False(HandshakeAead.TryOpen(key, 0, [], new byte[length], []));
        }
    }

    [Fact]
    public void SealsAndOpensInPlace()
    {
        byte[] key = Bytes(32, 1), plaintext = Bytes(150, 3), expected = new byte[150 + TagLength], buffer = new byte[150 + TagLength];
        HandshakeAead.Seal(key, 1, [], plaintext, expected);

        plaintext.CopyTo(buffer, 0);
        HandshakeAead.Seal(key, 1, [], buffer.AsSpan(0, 150), buffer);
        Assert.Equal(expected, buffer);

        Assert.True(HandshakeAead.TryOpen(key, 1, [], buffer, buffer.AsSpan(0, 150)));
        Assert.Equal(plaintext, buffer[..150]);
    }

    [Fact]
    public void RefusesWrongLengths()
    {
        byte[] key = new byte[32], longer = new byte[48];

        Assert.Throws<ArgumentOutOfRangeException>(() => HandshakeAead.Seal(new byte[31], 0, [], new byte[32], longer));
        Assert.Throws<ArgumentOutOfRangeException>(() => HandshakeAead.Seal(key, 0, [], new byte[31], longer));
        Assert.Throws<ArgumentOutOfRangeException>(() => HandshakeAead.TryOpen(key, 0, [], longer, new byte[33]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HandshakeAead.TryOpen(key, 0, [], [], new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HandshakeAead.TryOpen(key, new byte[8], [], longer, new byte[32]));
    }

    private static byte[] Bytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
