using System.Buffers.Binary;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <content>Any machine: packet after packet, 128-bit vectors where the machine has them. Safe code throughout.</content>
internal sealed partial class PacketAead
{
    private static void RunPortable(ReadOnlySpan<byte> key, Span<byte> buffer, Span<PacketSlot> packets, bool open)
    {
        // Block 0 is the packet's Poly1305 key, block 1 covers the first 64 bytes of text; both come from one call.
        Span<byte> stream = stackalloc byte[ChaCha20.PairLength];
        foreach (ref PacketSlot packet in packets)
        {
            Span<byte> text = buffer.Slice(packet.Offset, packet.Length);
            Span<byte> tag = buffer.Slice(packet.Offset + packet.Length, TagLength);
            stream.Clear();
            ChaCha20.Xor(key, packet.Counter, block: 0, stream);
            if (open)
            {
                packet.IsAuthentic = Poly1305.IsTag(tag, Poly1305.Tag(stream[..32], text));
                if (!packet.IsAuthentic) continue;
            }

            ChaCha20.Xor(text[..Math.Min(text.Length, BlockLength)], stream[BlockLength..]);
            if (text.Length > BlockLength) ChaCha20.Xor(key, packet.Counter, block: 2, text[BlockLength..]);
            if (!open) BinaryPrimitives.WriteUInt128LittleEndian(tag, Poly1305.Tag(stream[..32], text));
        }

        SecretMemory.Zero(stream);
    }
}
