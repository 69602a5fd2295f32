using System.Buffers.Binary;
using System.Security.Cryptography;
using Chasqui.Core;
using Chasqui.Core.Crypto;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>The packet AEAD, differentially: batches of any lengths and counters on every path that this machine has, against the framework's.</summary>
internal sealed class AeadTarget : IFuzzTarget
{
    private const int MostPackets = 40;
    private const int LongestText = 2100;
    private const int TagLength = 16;

    public string Name => "aead";

    public string Summary => "a batch of packets of any lengths and counters, one of them forged: sealed and opened as the framework does";

    public int MaxLength => 32 + 1 + (MostPackets * 11);

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [1],
        [.. "key"u8, 2, 0xFF, 0xFF],
        [.. Enumerable.Range(0, 32 + 1 + (MostPackets * 11)).Select(i => (byte)(i * 197))],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        [0x8C, 0x05], // 1420
        [0x00, 0x04], // 1024, a pass of sixteen blocks
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        byte[] key = new byte[32];
        reader.Fill(key);
        PacketSlot[] slots = LayOut(ref reader, out byte[] plain);
        byte[] expected = SealWithFramework(key, slots, plain);
        foreach (int vectorBits in (int[])[0, 256, 512])
        {
            if (vectorBits <= PacketAead.WidestVector)
            {
                using PacketAead aead = PacketAead.Create(key, vectorBits);
                SealAndOpen(aead, slots, plain, expected, forged: key[0]);
            }
        }
    }

    /// <summary>Texts of the chosen lengths, at any alignment, each with room for its tag.</summary>
    private static PacketSlot[] LayOut(ref InputReader reader, out byte[] buffer)
    {
        var slots = new PacketSlot[1 + (reader.Byte() % MostPackets)];
        int end = 0;
        foreach (ref PacketSlot slot in slots.AsSpan())
        {
            byte gap = reader.Byte();
            slot = new PacketSlot { Offset = end + (gap % 16), Length = reader.UInt16() % (LongestText + 1), Counter = reader.UInt64() };
            end = slot.Offset + slot.Length + TagLength;
        }

        buffer = new byte[end];
        new Random(end).NextBytes(buffer);
        return slots;
    }

    private static byte[] SealWithFramework(byte[] key, PacketSlot[] slots, byte[] plain)
    {
        using var framework = new ChaCha20Poly1305(key);
        byte[] buffer = [.. plain], nonce = new byte[12];
        foreach (PacketSlot slot in slots)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(nonce.AsSpan(4), slot.Counter);
            Span<byte> text = buffer.AsSpan(slot.Offset, slot.Length);
            framework.Encrypt(nonce, text, text, buffer.AsSpan(slot.Offset + slot.Length, TagLength));
        }

        return buffer;
    }

    private static void SealAndOpen(PacketAead aead, PacketSlot[] slots, byte[] plain, byte[] expected, int forged)
    {
        byte[] buffer = [.. plain];
        aead.Seal(buffer, slots);
        Check.Same(buffer, expected);

        forged %= slots.Length;
        buffer[slots[forged].Offset + (slots[forged].Length / 2)] ^= 0x10;
        byte[] sealedText = [.. buffer];
        aead.Open(buffer, slots);
        for (int i = 0; i < slots.Length; i++)
        {
            Range text = slots[i].Offset..(slots[i].Offset + slots[i].Length);
            Check.That(slots[i].IsAuthentic == (i != forged));
            Check.Same(buffer.AsSpan(text), (i == forged ? sealedText : plain).AsSpan(text));
        }
    }
}
