using System.Text;
using Chasqui.Core;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Timing;

/// <summary>Everything of ours that computes with secrets.</summary>
internal static class Subjects
{
    private const int KeyLength = ProtocolConstants.KeyLength;
    private const int TagLength = ProtocolConstants.TagLength;
    private const int TextLength = 256;

    // A pass over several packets at once is other code than over one.
    private const int Batch = 16;

    private const string ZerosOrAny = "zeros, any";

    private static readonly byte[] Key = [.. Enumerable.Range(1, KeyLength).Select(static i => (byte)i)];

    internal static IEnumerable<Subject> All =>
    [
        EarlyExit(), KeysCompared(), PacketTag(1), PacketTag(Batch), HandshakeTag(), PacketsSealed(1), PacketsSealed(Batch), HandshakeSealed(), Mac(),
        ToBase64(), FromBase64(), ToHex(), FromHex(), Products(1), Products(4), PointsOfOthers(),
    ];

    /// <summary>What must be found out: a comparison that ends at the first difference.</summary>
    private static Subject EarlyExit()
    {
        var secrets = new Secrets(KeyLength, 1);
        Key.CopyTo(secrets.Fixed);
        bool isSame = false;
        return new("control: a comparison that ends early", "equal, any", 16, secrets.Fill, slot => isSame ^= IsSame(secrets[slot], Key), IsControl: true);
    }

    private static bool IsSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return true;
    }

    private static Subject KeysCompared()
    {
        var secrets = new Secrets(KeyLength, 2);
        Key.CopyTo(secrets.Fixed);
        var own = new PresharedKey(Key);
        var others = new PresharedKey[Dudect.Slots];
        bool isSame = false;
        void Fill(int slot, bool isRandom)
        {
            secrets.Fill(slot, isRandom);
            others[slot]?.Dispose();
            others[slot] = new PresharedKey(secrets[slot]);
        }

        return new("PresharedKey.FixedTimeEquals", "equal, any", 16, Fill, slot => isSame ^= own.FixedTimeEquals(others[slot]));
    }

    /// <summary>Forged packets, the last of a batch each: the tag's first byte is wrong, or its last.</summary>
    private static Subject PacketTag(int count)
    {
        byte[] sealedText = new byte[count * (TextLength + TagLength)];
        var aead = new PacketAead(Key);
        PacketSlot[] packets = Packets(count);
        aead.Seal(sealedText, packets);
        byte[][] forged = Forged(sealedText);
        return new($"PacketAead.Open, the tag, {Named(count)}", "first byte wrong, last byte wrong", 1, (slot, isRandom) => Forge(forged, sealedText, slot, isRandom), slot =>
        {
            foreach (ref PacketSlot packet in packets.AsSpan())
            {
                packet.Length = TextLength;
            }

            aead.Open(forged[slot], packets);
        });
    }

    private static PacketSlot[] Packets(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => new PacketSlot { Offset = i * (TextLength + TagLength), Length = TextLength, Counter = (ulong)i })];

    private static string Named(int count) => count == 1 ? "1 packet" : $"{count} packets";

    private static Subject HandshakeTag()
    {
        byte[] sealedText = new byte[KeyLength + TagLength], plaintext = new byte[KeyLength];
        HandshakeAead.Seal(Key, 0, Key, plaintext, sealedText);
        byte[][] forged = Forged(sealedText);
        return new("HandshakeAead.TryOpen, the tag", "first byte wrong, last byte wrong", 1, (slot, isRandom) => Forge(forged, sealedText, slot, isRandom), slot =>
            HandshakeAead.TryOpen(Key, 0, Key, forged[slot], plaintext));
    }

    private static byte[][] Forged(byte[] sealedText) => [.. Enumerable.Range(0, Dudect.Slots).Select(_ => sealedText.ToArray())];

    private static void Forge(byte[][] forged, byte[] sealedText, int slot, bool isLast)
    {
        sealedText.CopyTo(forged[slot], 0);
        forged[slot][isLast ? ^1 : ^TagLength] ^= 1;
    }

    private static Subject PacketsSealed(int count)
    {
        var secrets = new Secrets(KeyLength + TextLength, 3);
        var aeads = new PacketAead[Dudect.Slots];
        byte[] buffer = new byte[count * (TextLength + TagLength)];
        PacketSlot[] packets = Packets(count);
        void Fill(int slot, bool isRandom)
        {
            secrets.Fill(slot, isRandom);
            aeads[slot]?.Dispose();
            aeads[slot] = new PacketAead(secrets[slot][..KeyLength]);
        }

        return new($"PacketAead.Seal, key and text, {Named(count)}", ZerosOrAny, 1, Fill, slot =>
        {
            foreach (ref readonly PacketSlot packet in packets.AsSpan())
            {
                secrets[slot][KeyLength..].CopyTo(buffer.AsSpan(packet.Offset));
            }

            aeads[slot].Seal(buffer, packets);
        });
    }

    private static Subject HandshakeSealed()
    {
        var secrets = new Secrets(2 * KeyLength, 4);
        byte[] ciphertext = new byte[KeyLength + TagLength];
        return new("HandshakeAead.Seal, key and text", ZerosOrAny, 1, secrets.Fill, slot =>
            HandshakeAead.Seal(secrets[slot][..KeyLength], 0, Key, secrets[slot][KeyLength..], ciphertext));
    }

    private static Subject Mac()
    {
        var secrets = new Secrets(KeyLength + 116, 5);
        byte[] mac = new byte[ProtocolConstants.MacLength];
        return new("Blake2s.Mac, key and message", ZerosOrAny, 1, secrets.Fill, slot =>
            Blake2s.Mac(secrets[slot][..KeyLength], secrets[slot][KeyLength..], mac));
    }

    private static Subject ToBase64()
    {
        var secrets = new Secrets(KeyLength, 6);
        char[] text = new char[44];
        return new("KeyText.ToBase64", ZerosOrAny, 4, secrets.Fill, slot => KeyText.ToBase64(secrets[slot], text));
    }

    private static Subject FromBase64()
    {
        var secrets = new Secrets(KeyLength, 7);
        char[][] texts = [.. Enumerable.Range(0, Dudect.Slots).Select(static _ => new char[44])];
        byte[] key = new byte[KeyLength];
        void Fill(int slot, bool isRandom)
        {
            secrets.Fill(slot, isRandom);
            KeyText.ToBase64(secrets[slot], texts[slot]);
        }

        return new("KeyText.TryParseBase64", ZerosOrAny, 4, Fill, slot => KeyText.TryParseBase64(texts[slot], key));
    }

    private static Subject ToHex()
    {
        var secrets = new Secrets(KeyLength, 8);
        byte[] text = new byte[64];
        return new("KeyText.ToHex", ZerosOrAny, 4, secrets.Fill, slot => KeyText.ToHex(secrets[slot], text));
    }

    private static Subject FromHex()
    {
        var secrets = new Secrets(KeyLength, 9);
        byte[][] texts = [.. Enumerable.Range(0, Dudect.Slots).Select(static _ => new byte[64])];
        byte[] key = new byte[KeyLength];
        void Fill(int slot, bool isRandom)
        {
            secrets.Fill(slot, isRandom);
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secrets[slot]), texts[slot]);
        }

        return new("KeyText.TryParseHex", ZerosOrAny, 4, Fill, slot => KeyText.TryParseHex(texts[slot], key));
    }

    private static Subject Products(int together)
    {
        var secrets = new Secrets(together * KeyLength, 10 + together);
        byte[] points = [.. Enumerable.Range(0, together).SelectMany(static _ => X25519.BasePoint.ToArray())], products = new byte[points.Length];
        return new($"X25519.Multiply, {together} scalar{(together == 1 ? "" : "s")}", ZerosOrAny, 1, secrets.Fill, slot =>
            X25519.Multiply(secrets[slot], points, products));
    }

    private static Subject PointsOfOthers()
    {
        var points = new Secrets(KeyLength, 20);
        X25519.BasePoint.CopyTo(points.Fixed);
        byte[] product = new byte[KeyLength];
        return new("X25519.Multiply, the point", "9, any", 1, points.Fill, slot => X25519.Multiply(Key, points[slot], product));
    }
}
