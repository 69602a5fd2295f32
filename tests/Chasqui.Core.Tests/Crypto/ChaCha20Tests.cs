using System.Buffers.Binary;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

public sealed class ChaCha20Tests
{
    [Theory] // RFC 8439 appendix A.1, test vectors 1, 2, 3 and 5
    [InlineData("00", 0u, 0ul,
        "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586")]
    [InlineData("00", 1u, 0ul,
        "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f")]
    [InlineData("01", 1u, 0ul,
        "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0")]
    [InlineData("00", 0u, 0x0200000000000000ul,
        "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c78a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d")]
    public void GivesTheKeystreamOfTheRfc(string lastKeyByte, uint block, ulong nonce, string expected)
    {
        byte[] key = [.. new byte[31], .. Convert.FromHexString(lastKeyByte)], stream = new byte[64];

        ChaCha20.Xor(key, nonce, block, stream);

        Assert.Equal(expected, Convert.ToHexStringLower(stream));
    }

    [Fact]
    public void AgreesWithTheReferenceAtEveryLength()
    {
        var random = new Random(11);
        byte[] key = new byte[32], last = new byte[16];
        for (int length = 0; length <= 600; length++)
        {
            random.NextBytes(key);
            ulong nonce = (ulong)random.NextInt64();
            uint block = (uint)random.Next(1 << 20);
            byte[] text = new byte[length], expected = new byte[length];
            random.NextBytes(text);
            BinaryPrimitives.WriteUInt64LittleEndian(last.AsSpan(8), nonce);
            byte[] stream = [];
            for (int i = 0; i < length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(last, block + (uint)(i / 64));
                if (i % 64 == 0) stream = ReferenceChaCha20.Block(key, last);
                expected[i] = (byte)(text[i] ^ stream[i % 64]);
            }

            ChaCha20.Xor(key, nonce, block, text);

            Assert.True(expected.AsSpan().SequenceEqual(text), $"seed 11, length {length}");
        }
    }
}
