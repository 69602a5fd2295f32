using Chasqui.Core;
using Chasqui.Core.Crypto;

namespace Chasqui.Benchmarks.Aead;

/// <summary>64 packets as they lie in a send buffer: each behind a header, with room for its tag.</summary>
internal sealed class PacketBatch
{
    /// <summary>Packets in all: what one sendmsg(2) takes.</summary>
    internal const int Packets = 64;

    private const int Header = 16;

    internal PacketBatch(ReadOnlySpan<byte> key, int length)
    {
        int stride = (Header + length + ProtocolConstants.TagLength + 15) & ~15;
        Buffer = GC.AllocateArray<byte>(Packets * stride, pinned: true);
        new Random(1).NextBytes(Buffer);
        Slots = GC.AllocateArray<PacketSlot>(Packets, pinned: true);
        for (int i = 0; i < Packets; i++)
        {
            Slots[i] = new PacketSlot { Offset = (i * stride) + Header, Length = length, Counter = (ulong)i };
        }

        Sealed = [.. Buffer];
        using var aead = PacketAead.CreatePortable(key);
        aead.Seal(Sealed, Slots);
    }

    /// <summary>Where the packets are worked on.</summary>
    internal byte[] Buffer { get; }

    /// <summary>Where they lie in <see cref="Buffer"/>.</summary>
    internal PacketSlot[] Slots { get; }

    /// <summary>The same packets, sealed by the portable implementation.</summary>
    internal byte[] Sealed { get; }

    /// <summary>Makes <see cref="Buffer"/> ciphertext again.</summary>
    internal void Restore() => Sealed.CopyTo(Buffer, 0);

    /// <summary>A wrong result has no speed.</summary>
    /// <exception cref="InvalidOperationException">What was done to <see cref="Buffer"/> is not what is in <see cref="Sealed"/>.</exception>
    internal void CheckSealed()
    {
        foreach (PacketSlot slot in Slots)
        {
            Range range = slot.Offset..(slot.Offset + slot.Length + ProtocolConstants.TagLength);
            if (!Buffer.AsSpan(range).SequenceEqual(Sealed.AsSpan(range))) throw new InvalidOperationException("Sealed wrongly.");
        }
    }
}
