using System.Buffers.Binary;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

public sealed class XChaCha20Poly1305Tests
{
    private const int TagLength = ProtocolConstants.TagLength;

    /// <summary>Source: draft-irtf-cfrg-xchacha-03 appendix A.3.1.</summary>
    [Fact]
    public void SealsAndOpensTheSunscreenOfTheDraft()
    {
        byte[] key = Convert.FromHexString("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        byte[] nonce = Convert.FromHexString("404142434445464748494a4b4c4d4e4f5051525354555657");
        byte[] associatedData = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        byte[] plaintext =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8.ToArray();
        byte[] output = new byte[plaintext.Length + TagLength], opened = new byte[plaintext.Length];

        XChaCha20Poly1305.Seal(key, nonce, associatedData, plaintext, output);

        Assert.Equal(
            """
            bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
            731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
            2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
            21f9664c97637da9768812f615c68b13b52e
            c0875924c1c7987947deafd8780acf49
            """.ReplaceLineEndings(""),
            Convert.ToHexStringLower(output));
        Assert.True(XChaCha20Poly1305.TryOpen(key, nonce, associatedData, output, opened));
        Assert.Equal(plaintext, opened);
    }

    /// <summary>HChaCha20's answer, seen through its definition: the subkey and the rest of the nonce in ChaCha20-Poly1305.</summary>
    /// <remarks>Source: draft-irtf-cfrg-xchacha-03 sections 2.2.1 and 2.3.</remarks>
    [Fact]
    public void DerivesTheSubkeyOfTheDraft()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] subkey = Convert.FromHexString("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc");
        byte[] nonce = [.. Convert.FromHexString("000000090000004a0000000031415927"), 1, 2, 3, 4, 5, 6, 7, 8];
        byte[] output = new byte[100 + TagLength], expected = new byte[100 + TagLength];

        XChaCha20Poly1305.Seal(key, nonce, "data"u8, new byte[100], output);
        HandshakeAead.Seal(subkey, BinaryPrimitives.ReadUInt64LittleEndian(nonce.AsSpan(16)), "data"u8, new byte[100], expected);

        Assert.Equal(expected, output);
    }

    [Fact]
    public void PassesWycheproof()
    {
        int sealedCases = 0;
        foreach (WycheproofCase test in WycheproofFile.Read("xchacha20_poly1305_test.json"))
        {
            byte[] key = test.Bytes("key"), nonce = test.Bytes("iv"), associatedData = test.Bytes("aad"), message = test.Bytes("msg");
            byte[] input = [.. test.Bytes("ct"), .. test.Bytes("tag")], output = new byte[message.Length];
            if (test.HasFlag("InvalidNonceSize"))
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => XChaCha20Poly1305.TryOpen(key, nonce, associatedData, input, output));
                continue;
            }

            Assert.True(test.IsValid == XChaCha20Poly1305.TryOpen(key, nonce, associatedData, input, output), test.ToString());
            Assert.True(output.AsSpan().SequenceEqual(test.IsValid ? message : new byte[message.Length]), test.ToString());
            if (test.IsValid)
            {
                XChaCha20Poly1305.Seal(key, nonce, associatedData, message, input);
                Assert.True(input.AsSpan().SequenceEqual([.. test.Bytes("ct"), .. test.Bytes("tag")]), test.ToString());
                sealedCases++;
            }
        }

        Assert.True(sealedCases > 200, $"only {sealedCases} valid cases");
    }

    [Fact]
    public void RefusesAChangedNonceAndClearsTheOutput()
    {
        byte[] key = new byte[32], nonce = new byte[24], cookie = [.. Enumerable.Repeat((byte)7, 16)];
        byte[] input = new byte[16 + TagLength], output = new byte[16];
        XChaCha20Poly1305.Seal(key, nonce, "mac1"u8, cookie, input);
        for (int i = 0; i < nonce.Length; i++)
        {
            nonce[i] ^= 1;
            output.AsSpan().Fill(0xA5);

            Assert.False(XChaCha20Poly1305.TryOpen(key, nonce, "mac1"u8, input, output));
            Assert.Equal(new byte[16], output);
            nonce[i] ^= 1;
        }

        Assert.True(XChaCha20Poly1305.TryOpen(key, nonce, "mac1"u8, input, output));
        Assert.Equal(cookie, output);
    }

    [Fact]
    public void RefusesWrongLengths()
    {
        byte[] key = new byte[32], input = new byte[32];

        Assert.False(XChaCha20Poly1305.TryOpen(key, new byte[24], [], new byte[15], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => XChaCha20Poly1305.Seal(key, new byte[12], [], new byte[16], input));
        Assert.Throws<ArgumentOutOfRangeException>(() => XChaCha20Poly1305.TryOpen(key, new byte[12], [], input, new byte[16]));
    }
}
