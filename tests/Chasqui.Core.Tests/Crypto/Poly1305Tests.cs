using System.Buffers.Binary;
using System.Numerics;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

public sealed class Poly1305Tests
{
    private static readonly BigInteger P = (BigInteger.One << 130) - 5;
    private static readonly BigInteger ClampMask = new UInt128(0x0ffffffc0ffffffc, 0x0ffffffc0fffffff);

    [Fact]
    public void GivesTheTagOfAnEmptyMessageAsS()
    {
        byte[] key = new byte[32];
        key[16] = 9;

        Assert.Equal((UInt128)9, Poly1305.TagOfBlocks(key, [], []));
    }

    [Theory] // RFC 8439 appendix A.3, test vectors 1 to 4 and 7 to 11: those of whole blocks
    [InlineData("00", "00", "0000000000000000000000000000000000000000000000000000000000000000", "00000000000000000000000000000000")]
    [InlineData("02", "00", "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000")]
    [InlineData("02", "ffffffffffffffffffffffffffffffff", "02000000000000000000000000000000", "03000000000000000000000000000000")]
    [InlineData("01", "00",
        "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000",
        "05000000000000000000000000000000")]
    [InlineData("01", "00",
        "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101",
        "00000000000000000000000000000000")]
    [InlineData("02", "00", "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff")]
    [InlineData("0100000000000000040000000000000000", "00",
        "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000" +
        "01000000000000000000000000000000",
        "14000000000000005500000000000000")]
    [InlineData("0100000000000000040000000000000000", "00",
        "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000",
        "13000000000000000000000000000000")]
    public void GivesTheTagsOfTheRfc(string r, string s, string blocks, string tag)
    {
        byte[] key = new byte[32];
        Convert.FromHexString(r).AsSpan(0, Math.Min(16, r.Length / 2)).CopyTo(key);
        Convert.FromHexString(s).CopyTo(key, 16);

        UInt128 expected = BinaryPrimitives.ReadUInt128LittleEndian(Convert.FromHexString(tag));
        Assert.Equal(expected, Poly1305.TagOfBlocks(key, Convert.FromHexString(blocks), []));
    }

    [Fact]
    public void AgreesWithBigIntegersForHostileKeysAndTexts()
    {
        var random = new Random(21);
        for (int round = 0; round < 4000; round++)
        {
            byte[] key = HostileKey(random), text = HostileText(random, key, random.Next(random.Next(400)));

            Assert.True(Reference(key, text) == Poly1305.Tag(key, text), $"seed 21, round {round}");
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    public void TheVectorPathsAgreeWithBigIntegersForHostileKeysAndTexts(int vectorBits)
    {
        Assert.SkipUnless(vectorBits <= PacketAead.WidestVector, $"this machine has no vectors of {vectorBits} bits");
        var random = new Random(22);
        int lanes = vectorBits / 32;
        byte[] buffer = new byte[lanes * 1024];
        for (int round = 0; round < 2000; round++)
        {
            PacketSlot[] slots = new PacketSlot[round % 4 == 0 ? 1 : random.Next(1, lanes + 1)];
            byte[] keys = new byte[lanes * 64];
            int longest = slots.Length == 1 ? 900 : 200; // alone and long: the way that takes a text to pieces
            UInt128[] expected = new UInt128[slots.Length];
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i] = new PacketSlot { Offset = i * 1024, Length = random.Next(longest) };
                byte[] key = HostileKey(random), text = HostileText(random, key, slots[i].Length);
                key.CopyTo(keys, 64 * i);
                text.CopyTo(buffer, slots[i].Offset);
                expected[i] = Reference(key, text);
            }

            PacketAead.WriteTags(vectorBits, keys, buffer, slots);

            for (int i = 0; i < slots.Length; i++)
            {
                UInt128 tag = BinaryPrimitives.ReadUInt128LittleEndian(buffer.AsSpan(slots[i].Offset + slots[i].Length));
                Assert.True(expected[i] == tag, $"seed 22, round {round}, packet {i} of {slots.Length}");
            }
        }
    }

    /// <summary>Words that make carries run: all ones, zeros, small numbers, and now and then anything.</summary>
    private static byte[] HostileKey(Random random)
    {
        byte[] key = new byte[32];
        Fill(random, key.AsSpan(0, 16));
        Fill(random, key.AsSpan(16));
        return key;
    }

    /// <summary>A text of hostile blocks, some chosen so that the sum comes to lie around 2^130 - 5.</summary>
    private static byte[] HostileText(Random random, byte[] key, int length)
    {
        byte[] text = new byte[length];
        BigInteger r = Number(key.AsSpan(0, 16)) & ClampMask, h = 0;
        for (int at = 0; at + 16 <= length; at += 16)
        {
            Span<byte> block = text.AsSpan(at, 16);
            Fill(random, block);
            BigInteger wanted = P + random.Next(-6, 7) - h - (BigInteger.One << 128);
            if (random.Next(3) == 0 && wanted.Sign >= 0 && wanted < BigInteger.One << 128)
            {
                block.Clear();
                wanted.TryWriteBytes(block, out _, isUnsigned: true);
            }

            h = (h + Number(block) + (BigInteger.One << 128)) * r % P;
        }

        Fill(random, text.AsSpan(length & ~15));
        return text;
    }

    private static void Fill(Random random, Span<byte> bytes)
    {
        switch (random.Next(5))
        {
            case 0: bytes.Fill(0xff); break;
            case 1: bytes.Clear(); break;
            case 2:
                bytes.Clear();
                if (!bytes.IsEmpty) bytes[0] = (byte)random.Next(6);
                break;
            case 3:
                for (int i = 0; i < bytes.Length; i++) bytes[i] = random.Next(2) == 0 ? (byte)0xff : (byte)random.Next(256);
                break;
            default: random.NextBytes(bytes); break;
        }
    }

    private static UInt128 Reference(byte[] key, byte[] text)
    {
        byte[] padded = new byte[((text.Length + 15) & ~15) + 16];
        text.CopyTo(padded, 0);
        BinaryPrimitives.WriteInt64LittleEndian(padded.AsSpan(padded.Length - 8), text.Length);
        BigInteger r = Number(key.AsSpan(0, 16)) & ClampMask, h = 0;
        for (int at = 0; at < padded.Length; at += 16)
        {
            h = (h + Number(padded.AsSpan(at, 16)) + (BigInteger.One << 128)) * r % P;
        }

        return (UInt128)((h + Number(key.AsSpan(16))) & UInt128.MaxValue);
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true);
}
