using System.Buffers.Binary;
using System.Security.Cryptography;
using Chasqui.Core;
using Chasqui.Core.Crypto;

namespace Chasqui.AeadBench;

/// <summary>One row of the table: an implementation, a direction, and how many packets each call has.</summary>
internal sealed class Case(string name, int batch, bool open, Case.Transform transform)
{
    internal delegate void Transform(Span<byte> buffer, Span<PacketSlot> packets);

    internal string Name => name;
    internal int Batch => batch;
    internal bool Open => open;

    internal static Case[] All()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        PacketAead ours = new(key), portable = PacketAead.CreatePortable(key);
        List<Case> all = [];
        foreach (int batch in (int[])[1, 8, 64])
        {
            all.Add(new Case("PacketAead, seal", batch, false, ours.Seal));
            all.Add(new Case("PacketAead, open", batch, true, ours.Open));
        }

        all.Add(new Case("the portable path, seal", 1, false, portable.Seal));
        all.Add(new Case("the portable path, open", 1, true, portable.Open));
        if (ChaCha20Poly1305.IsSupported)
        {
            var framework = new ChaCha20Poly1305(key);
            all.Add(new Case("System.Security.Cryptography, seal", 1, false, (buffer, packets) => Seal(framework, buffer, packets)));
            all.Add(new Case("System.Security.Cryptography, open", 1, true, (buffer, packets) => Decrypt(framework, buffer, packets)));
        }

        return [.. all];
    }

    /// <summary>All the packets once, a batch a call.</summary>
    internal void Run(Span<byte> buffer, Span<PacketSlot> packets)
    {
        for (; !packets.IsEmpty; packets = packets[batch..])
        {
            transform(buffer, packets[..batch]);
        }
    }

    private static void Seal(ChaCha20Poly1305 framework, Span<byte> buffer, Span<PacketSlot> packets)
    {
        Span<byte> nonce = stackalloc byte[12];
        nonce.Clear();
        foreach (PacketSlot packet in packets)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], packet.Counter);
            Span<byte> text = buffer.Slice(packet.Offset, packet.Length);
            framework.Encrypt(nonce, text, text, buffer.Slice(packet.Offset + packet.Length, 16));
        }
    }

    private static void Decrypt(ChaCha20Poly1305 framework, Span<byte> buffer, Span<PacketSlot> packets)
    {
        Span<byte> nonce = stackalloc byte[12];
        nonce.Clear();
        foreach (PacketSlot packet in packets)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], packet.Counter);
            Span<byte> text = buffer.Slice(packet.Offset, packet.Length);
            framework.Decrypt(nonce, text, buffer.Slice(packet.Offset + packet.Length, 16), text);
        }
    }
}
