using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>
/// The packet AEAD in vectors of one width. Everything is vertical: a lane belongs to one ChaCha20 block, or to one packet's
/// Poly1305, so that there are no horizontal steps, no powers of r and no scalar carry chains.
/// </summary>
/// <remarks>
/// As many packets as a vector has 32-bit lanes are worked on together:
///
///   1. The first pass of ChaCha20 computes block 0 of each packet, its Poly1305 key. What is then left over in the lanes of
///      this and of later passes goes to the ends of the texts, one after another: no lane is wasted but in the last pass.
///      Before its end a text has whole passes to itself, which need no keystream buffer.
///   2. Poly1305 runs the packets side by side, each 64-bit lane with its packet's own r.
///
/// Opening checks the tags over the ciphertext before the first byte of plaintext is written, so that it can run in place.
/// There is no branch and no address that depends on a secret. SAFETY: PacketAead has seen that every text and the 16 bytes
/// behind it lie in the buffer, which is pinned here; nothing goes beyond them, and the caller leaves the slots alone.
/// Figures: docs/adr/0002-packet-aead.md.
/// </remarks>
internal static unsafe partial class VectorAead<TWords, TSums>
    where TWords : unmanaged, IWords<TWords>
    where TSums : unmanaged, ISums<TSums>
{
    // The scratch memory of a call, in vectors. It is on the stack, and zeroed at the end: keys and keystream pass through it.
    private const int Rows = 0;         // constants and key, each word repeated in all lanes
    private const int Counter = 12;     // rows 12, 14 and 15 of the next pass, each with room behind it: see Assign
    private const int Nonce0 = 14;
    private const int Nonce1 = 16;
    private const int Spill = 18;
    private const int Stream = 26;      // one pass of keystream
    private const int Sums = 42;        // Poly1305, in two groups
    private const int Tails = Sums + (2 * Group); // the last two Poly1305 blocks of each packet
    private const int At = Tails + 8;   // an address for each lane
    private const int Limbs = At + 2;   // r^k and what it is multiplied with: see AbsorbParts
    private const int Size = Limbs + 4;

    private const int Block = ChaCha20.BlockLength;

    private static int Lanes => sizeof(TWords) / sizeof(uint);
    private static int PassLength => Lanes * Block;

    /// <summary>Seals or opens packets whose places have been checked.</summary>
    [SkipLocalsInit] // all is written before it is read
    internal static void Run(ReadOnlySpan<byte> key, Span<byte> buffer, Span<PacketSlot> packets, bool open)
    {
        byte* raw = stackalloc byte[(Size + 1) * sizeof(TWords)];
        TWords* w = Align(raw);
        ReadOnlySpan<uint> sigma = MemoryMarshal.Cast<byte, uint>(ChaCha20.Sigma), words = MemoryMarshal.Cast<byte, uint>(key);
        for (int i = 0; i < 4; i++)
        {
            w[Rows + i] = TWords.Create(sigma[i]);
            w[Rows + i + 4] = TWords.Create(words[i]);
            w[Rows + i + 8] = TWords.Create(words[i + 4]);
        }

        fixed (byte* text = buffer)
        fixed (PacketSlot* slots = packets)
        {
            for (int i = 0; i < packets.Length; i += Lanes) RunSome(text, slots + i, Math.Min(Lanes, packets.Length - i), w, open);
        }

        SecretMemory.Zero(new Span<byte>(w, Size * sizeof(TWords)));
    }

    private static TWords* Align(byte* raw) => (TWords*)(((nuint)raw + (nuint)sizeof(TWords) - 1) & ~((nuint)sizeof(TWords) - 1));

    /// <summary>At most as many packets as there are lanes.</summary>
    private static void RunSome(byte* text, PacketSlot* p, int n, TWords* w, bool open)
    {
        for (int i = 0; i < n; i++) Assign(w, i, 0, p[i].Counter);
        Place next = default;
        Deal(w, p, n, next, n);
        Keystream(w);
        LoadKeys(w, n);
        if (open) Authenticate(text, p, n, w, open);
        Spend(w, text, p, n, ref next, n, open);
        while (next.Packet < n)
        {
            Deal(w, p, n, next, 0);
            Keystream(w);
            Spend(w, text, p, n, ref next, 0, open);
        }

        for (int i = 0; i < n; i++)
        {
            if (p[i].Length >= PassLength && (!open || p[i].IsAuthentic)) WholePasses(w, text + p[i].Offset, p[i].Length / PassLength, p[i].Counter);
        }

        if (!open) Authenticate(text, p, n, w, open);
    }

    /// <summary>How far the ends of the texts, what is behind their whole passes, have been dealt with.</summary>
    private struct Place
    {
        public int Packet, Done; // bytes of that packet's end
    }

    /// <summary>Gives the lanes from one on to the blocks that come next.</summary>
    private static void Deal(TWords* w, PacketSlot* p, int n, Place next, int lane)
    {
        for (; next.Packet < n && lane < Lanes; next.Packet++, next.Done = 0)
        {
            int end = p[next.Packet].Length % PassLength, before = p[next.Packet].Length - end + next.Done;
            if (end == 0) continue;
            Assign(w, lane, 1 + ((uint)before / Block), p[next.Packet].Counter);
            lane += (end - next.Done + Block - 1) / Block;
        }
    }

    /// <summary>Gives a lane and all above it consecutive blocks: whoever comes next overwrites what is too much.</summary>
    private static void Assign(TWords* w, int lane, uint block, ulong nonce)
    {
        *(TWords*)((uint*)(w + Counter) + lane) = TWords.Indices + TWords.Create(block);
        *(TWords*)((uint*)(w + Nonce0) + lane) = TWords.Create((uint)nonce);
        *(TWords*)((uint*)(w + Nonce1) + lane) = TWords.Create((uint)(nonce >> 32));
    }

    /// <summary>XORs the keystream of the lanes from one on into the blocks that <see cref="Deal"/> gave them to.</summary>
    private static void Spend(TWords* w, byte* text, PacketSlot* p, int n, ref Place next, int lane, bool open)
    {
        while (next.Packet < n && lane < Lanes)
        {
            PacketSlot* slot = p + next.Packet;
            int end = slot->Length % PassLength, before = slot->Length - end + next.Done;
            int take = Math.Min(end - next.Done, (Lanes - lane) * Block);
            if (!open || slot->IsAuthentic) Xor(text + slot->Offset + before, (byte*)(w + Stream) + (lane * Block), take);
            lane += (take + Block - 1) / Block;
            if ((next.Done += take) < end) return;
            next = new Place { Packet = next.Packet + 1 };
        }
    }

    private static void Xor(byte* text, byte* stream, int length)
    {
        for (; length >= 32; length -= 32, text += 32, stream += 32) (Vector256.Load(text) ^ Vector256.Load(stream)).Store(text);
        for (; length >= 8; length -= 8, text += 8, stream += 8) *(ulong*)text ^= *(ulong*)stream;
        for (; length > 0; length--) *text++ ^= *stream++;
    }

    private static void Keystream(TWords* w)
    {
        byte* stream = (byte*)(w + Stream);
        new Span<byte>(stream, PassLength).Clear();
        SetAddresses(w, stream);
        Pass(w, 1);
    }

    private static void WholePasses(TWords* w, byte* text, int passes, ulong nonce)
    {
        Assign(w, 0, 1, nonce);
        SetAddresses(w, text);
        Pass(w, passes);
    }

    private static void SetAddresses(TWords* w, byte* first)
    {
        for (int i = 0; i < Lanes; i++) ((byte**)(w + At))[i] = first + (i * Block);
    }
}
