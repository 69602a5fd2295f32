using System.Buffers.Binary;
using System.Text.Json;
using Chasqui.Core.Crypto;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>Published vectors. Few have our nonce and no associated data; the rest is tested part by part.</summary>
public sealed class PacketAeadVectorTests
{
    [Theory] // RFC 8439 section 2.4.2: data starts at block 1, as in the AEAD
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(512)]
    public void EncryptsAsTheRfcDoes(int vectorBits)
    {
        Assert.SkipUnless(vectorBits <= PacketAead.WidestVector, $"this machine has no vectors of {vectorBits} bits");
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] buffer = [
            .. "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8,
            .. new byte[16],
        ];
        using PacketAead aead = PacketAead.Create(key, vectorBits);

        aead.Seal(buffer, [new PacketSlot { Length = buffer.Length - 16, Counter = 0x4a000000 }]);

        Assert.Equal(
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b" +
            "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8" +
            "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab77937365af90bbf74a35be6b40b8eedf2785e42874d",
            Convert.ToHexStringLower(buffer.AsSpan(0, buffer.Length - 16)));
    }

    [Theory] // XChaCha20-Poly1305 is our AEAD (four zero bytes, then the last eight of the nonce) under a subkey
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(512)]
    public void SealsAndOpensWycheproofXChaChaCasesWithoutAssociatedData(int vectorBits)
    {
        Assert.SkipUnless(vectorBits <= PacketAead.WidestVector, $"this machine has no vectors of {vectorBits} bits");
        int cases = 0;
        foreach (AeadCase test in Load("xchacha20_poly1305_test.json").Where(test => test.Aad.Length == 0 && test.Iv.Length == 24))
        {
            byte[] key = ReferenceChaCha20.HChaCha20(test.Key, test.Iv.AsSpan(0, 16));
            byte[] buffer = [.. test.Message, .. new byte[16]], expected = [.. test.Ciphertext, .. test.Tag];
            ulong counter = BinaryPrimitives.ReadUInt64LittleEndian(test.Iv.AsSpan(16));
            PacketSlot[] slots = [new PacketSlot { Length = test.Message.Length, Counter = counter }];
            using PacketAead aead = PacketAead.Create(key, vectorBits);

            aead.Seal(buffer, slots);
            Assert.True(test.IsValid == expected.AsSpan().SequenceEqual(buffer), $"case {test.Id}, seal");

            expected.CopyTo(buffer, 0);
            aead.Open(buffer, slots);
            Assert.True(test.IsValid == slots[0].IsAuthentic, $"case {test.Id}, open");
            if (test.IsValid) Assert.Equal(test.Message, buffer[..test.Message.Length]);
            cases++;
        }

        Assert.True(cases > 0, "no case fits");
    }

    [Fact] // all cases with a 96-bit nonce: r and s from the reference block function, the tag from Poly1305
    public void AuthenticatesWycheproofCases()
    {
        int cases = 0;
        foreach (AeadCase test in Load("chacha20_poly1305_test.json").Where(test => test.Iv.Length == 12))
        {
            byte[] key = ReferenceChaCha20.Block(test.Key, [0, 0, 0, 0, .. test.Iv])[..32];
            byte[] blocks = [.. Padded(test.Aad), .. Padded(test.Ciphertext)], lengths = new byte[16];
            BinaryPrimitives.WriteInt64LittleEndian(lengths, test.Aad.Length);
            BinaryPrimitives.WriteInt64LittleEndian(lengths.AsSpan(8), test.Ciphertext.Length);

            UInt128 tag = Poly1305.TagOfBlocks(key, blocks, lengths);

            Assert.True(test.IsValid == (tag == BinaryPrimitives.ReadUInt128LittleEndian(test.Tag)), $"case {test.Id}");
            foreach (int vectorBits in VectorWidths())
            {
                Assert.True(Poly1305.Tag(key, blocks) == VectorTag(vectorBits, key, blocks), $"case {test.Id}, {vectorBits} bits");
            }

            cases++;
        }

        Assert.True(cases > 250, $"only {cases} cases");
    }

    private static int[] VectorWidths() => PacketAead.WidestVector switch { 512 => [256, 512], 256 => [256], _ => [] };

    private static UInt128 VectorTag(int vectorBits, byte[] key, byte[] text)
    {
        byte[] keys = new byte[2 * vectorBits], buffer = [.. text, .. new byte[16]];
        key.CopyTo(keys, 0);
        PacketAead.WriteTags(vectorBits, keys, buffer, [new PacketSlot { Length = text.Length }]);
        return BinaryPrimitives.ReadUInt128LittleEndian(buffer.AsSpan(text.Length));
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 15]];

    private static List<AeadCase> Load(string file)
    {
        string? folder = FindVectors();
        bool isThere = folder is not null && File.Exists(Path.Combine(folder, file));
        Assert.SkipUnless(isThere, "no vectors: neither ../shared/vectors nor a folder in CHASQUI_VECTORS");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder!, file)));
        List<AeadCase> cases = [];
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            cases.AddRange(group.GetProperty("tests").EnumerateArray().Select(AeadCase.Read));
        }

        return cases;
    }

    private static string? FindVectors()
    {
        if (Environment.GetEnvironmentVariable("CHASQUI_VECTORS") is { Length: > 0 } chosen) return chosen;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Chasqui.slnx")))
        {
            folder = folder.Parent;
        }

        return folder is null ? null : Path.Combine(folder.FullName, "..", "shared", "vectors");
    }

    private sealed record AeadCase(int Id, byte[] Key, byte[] Iv, byte[] Aad, byte[] Message, byte[] Ciphertext, byte[] Tag, bool IsValid)
    {
        public static AeadCase Read(JsonElement test)
        {
            byte[] Bytes(string name) => Convert.FromHexString(test.GetProperty(name).GetString()!);
            return new AeadCase(
                test.GetProperty("tcId").GetInt32(), Bytes("key"), Bytes("iv"), Bytes("aad"), Bytes("msg"), Bytes("ct"), Bytes("tag"),
                test.GetProperty("result").GetString() == "valid");
        }
    }
}
