using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Keys;
using Lanes32 = System.Runtime.Intrinsics.Vector256<uint>;
using Lanes64 = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Chasqui.Core.Crypto;

/// <content>
/// AVX2. Everything is vertical: a lane belongs to one ChaCha20 block, or to one packet's Poly1305, so that there are no
/// horizontal steps, no powers of r and no scalar carry chains. Up to eight packets are worked on together:
///
///   1. ChaCha20 computes eight blocks in one pass. Eight packets of one size (what segmentation offload gives) have a lane
///      each: pass 0 yields the eight Poly1305 keys, pass i the i-th blocks. Otherwise the lanes follow a work list, which
///      begins with the key block of every packet and goes on with the data blocks, packet by packet: no lane is wasted.
///   2. Poly1305 runs the packets side by side, four in a vector, in radix 2^32: each lane has its packet's own r, which is
///      clamped to 28 bits a word, so that the sums of products fit 64 bits and a step has 20 multiplications, not 25.
///
/// Opening checks the tags over the ciphertext before the first byte of plaintext is written, so that it can run in place.
/// There is no branch and no address that depends on a secret. SAFETY: CheckBounds has seen that every text and the 16
/// bytes behind it lie in the pinned buffer; nothing here goes beyond them, and the caller leaves the slots alone meanwhile.
/// Figures: docs/adr/0002-packet-aead.md.
/// </content>
internal sealed unsafe partial class PacketAead
{
    private const int Unit = 8;                              // packets worked on together
    private const int Group = 12;                            // vectors of four packets' Poly1305: r0-r3, s1-s3, h0-h4
    private const int PassLength = Unit * ChaCha20.BlockLength;
    private const int SplitBlocks = 20;                      // below this many Poly1305 blocks, thirds do not pay

    /// <summary>A run of consecutive blocks of one packet that waits for its keystream.</summary>
    private struct Segment
    {
        public byte* Text;
        public int Length, Blocks;
        public uint Block;
        public ulong Nonce;
        public bool IsForged;
    }

    /// <summary>Scratch memory of one call: on the stack, aligned, zeroed at the end because keys and keystream pass through it.</summary>
    private struct Work
    {
        public Lanes32 Counter, Nonce0, Nonce1;              // rows 12, 14 and 15 of the next pass
        public fixed byte Rows[12 * 32], Spill[8 * 32];      // rows 0-11 (constants and key), each repeated in eight lanes
        public fixed byte Keys[PassLength], Stream[PassLength]; // keystream of the first pass, and of a later one
        public fixed byte Poly[2 * Group * 32], Tails[Unit * 32];
        public fixed ulong Limbs[3 * 5];                     // r^k and what it is multiplied with, see AbsorbThirds
        public fixed ulong At[Unit];                         // where each lane reads and writes
    }

    [SkipLocalsInit] // three kilobytes, all written before they are read
    private static void RunAvx2(ReadOnlySpan<byte> key, Span<byte> buffer, Span<PacketSlot> packets, bool open)
    {
        byte* raw = stackalloc byte[sizeof(Work) + 63];
        Work* w = Align(raw);
        ReadOnlySpan<uint> sigma = MemoryMarshal.Cast<byte, uint>(ChaCha20.Sigma), words = MemoryMarshal.Cast<byte, uint>(key);
        for (int i = 0; i < 4; i++)
        {
            ((Lanes32*)w->Rows)[i] = Vector256.Create(sigma[i]);
            ((Lanes32*)w->Rows)[i + 4] = Vector256.Create(words[i]);
            ((Lanes32*)w->Rows)[i + 8] = Vector256.Create(words[i + 4]);
        }

        fixed (byte* text = buffer)
        fixed (PacketSlot* slots = packets)
        {
            for (int i = 0; i < packets.Length; i += Unit)
            {
                int n = Math.Min(Unit, packets.Length - i);
                if (n < Unit || !HasOneLength(slots + i) || !TryLockstep(text, slots + i, w, open)) Mixed(text, slots + i, n, w, open);
            }
        }

        SecretMemory.Zero(new Span<byte>(w, sizeof(Work)));
    }

    private static Work* Align(byte* raw) => (Work*)(((nuint)raw + 63) & ~(nuint)63);

    private static bool HasOneLength(PacketSlot* p)
    {
        int differences = 0;
        for (int i = 1; i < Unit; i++) differences |= p[i].Length ^ p[0].Length;
        return differences == 0;
    }

    /// <summary>Eight packets of one size: lane i is packet i all the way. False, and no text touched, if a tag is wrong.</summary>
    private static bool TryLockstep(byte* text, PacketSlot* p, Work* w, bool open)
    {
        for (int i = 0; i < Unit; i++)
        {
            ((uint*)&w->Nonce0)[i] = (uint)p[i].Counter;
            ((uint*)&w->Nonce1)[i] = (uint)(p[i].Counter >> 32);
        }

        w->Counter = default;
        Keystream(w, w->Keys);
        if (open)
        {
            Authenticate(text, p, Unit, w, open: true);
            for (int i = 0; i < Unit; i++) if (!p[i].IsAuthentic) return false;
        }

        int whole = p[0].Length / ChaCha20.BlockLength, rest = p[0].Length % ChaCha20.BlockLength;
        w->Counter = Vector256.Create(1u);
        if (whole > 0)
        {
            for (int i = 0; i < Unit; i++) w->At[i] = (ulong)(text + p[i].Offset);
            Pass(w, whole, ChaCha20.BlockLength, 1);
            w->Counter = Vector256.Create((uint)whole + 1);
        }

        if (rest > 0)
        {
            Keystream(w, w->Stream);
            int at = whole * ChaCha20.BlockLength;
            for (int i = 0; i < Unit; i++) Xor(text + p[i].Offset + at, w->Stream + (ChaCha20.BlockLength * i), rest);
        }

        if (!open) Authenticate(text, p, Unit, w, open: false);
        return true;
    }

    /// <summary>One to eight packets of any sizes, by way of the work list.</summary>
    [SkipLocalsInit]
    private static void Mixed(byte* text, PacketSlot* p, int n, Work* w, bool open)
    {
        Segment* list = stackalloc Segment[2 * Unit];
        int count = n;
        for (int i = 0; i < n; i++)
        {
            list[i] = new Segment { Blocks = 1, Nonce = p[i].Counter };
            if (p[i].Length == 0) continue;
            int blocks = (int)(((uint)p[i].Length + 63) / ChaCha20.BlockLength);
            list[count] = new Segment { Text = text + p[i].Offset, Length = p[i].Length, Blocks = blocks };
            list[count].Block = 1;
            list[count++].Nonce = p[i].Counter;
        }

        FillLanes(w, list, 0, count);
        Keystream(w, w->Keys);
        if (open)
        {
            Authenticate(text, p, n, w, open: true);
            for (int i = 0, s = n; s < count; i++) if (p[i].Length > 0) list[s++].IsForged = !p[i].IsAuthentic;
        }

        int at = Consume(list, n, count, w->Keys + (n * ChaCha20.BlockLength), Unit - n);
        while (at < count)
        {
            Segment* s = list + at;
            if (s->IsForged)
            {
                at++;
            }
            else if (s->Length >= PassLength)
            {
                at += WholePasses(w, s);
            }
            else
            {
                FillLanes(w, list, at, count);
                Keystream(w, w->Stream);
                at = Consume(list, at, count, w->Stream, Unit);
            }
        }

        if (!open) Authenticate(text, p, n, w, open: false);
    }

    /// <summary>Deals the next blocks of the work list to the lanes; each segment overwrites the lanes above its first.</summary>
    private static void FillLanes(Work* w, Segment* list, int at, int count)
    {
        Lanes32 iota = Lanes32.Indices, counter = default, nonce0 = default, nonce1 = default;
        for (int lane = 0; lane < Unit && at < count; lane += list[at++].Blocks)
        {
            Lanes32 mask = Vector256.GreaterThan(iota.AsInt32(), Vector256.Create(lane - 1)).AsUInt32();
            counter = Avx2.BlendVariable(counter, iota + Vector256.Create(list[at].Block - (uint)lane), mask);
            nonce0 = Avx2.BlendVariable(nonce0, Vector256.Create((uint)list[at].Nonce), mask);
            nonce1 = Avx2.BlendVariable(nonce1, Vector256.Create((uint)(list[at].Nonce >> 32)), mask);
        }

        w->Counter = counter;
        w->Nonce0 = nonce0;
        w->Nonce1 = nonce1;
    }

    /// <summary>Gives the segments the keystream of that many lanes. Returns where the work list goes on.</summary>
    private static int Consume(Segment* list, int at, int count, byte* stream, int lanes)
    {
        while (lanes > 0 && at < count)
        {
            Segment* s = list + at;
            int take = Math.Min(lanes, s->Blocks);
            if (!s->IsForged) Xor(s->Text, stream, Math.Min(take * ChaCha20.BlockLength, s->Length));
            stream += take * ChaCha20.BlockLength;
            lanes -= take;
            at += Advance(s, take);
        }

        return at;
    }

    /// <summary>Whole passes inside one packet need no keystream buffer.</summary>
    private static int WholePasses(Work* w, Segment* s)
    {
        int passes = s->Length / PassLength;
        w->Counter = Lanes32.Indices + Vector256.Create(s->Block);
        w->Nonce0 = Vector256.Create((uint)s->Nonce);
        w->Nonce1 = Vector256.Create((uint)(s->Nonce >> 32));
        for (int i = 0; i < Unit; i++) w->At[i] = (ulong)(s->Text + (i * ChaCha20.BlockLength));
        Pass(w, passes, PassLength, Unit);
        return Advance(s, passes * Unit);
    }

    private static int Advance(Segment* s, int blocks)
    {
        s->Text += blocks * ChaCha20.BlockLength;
        s->Length -= blocks * ChaCha20.BlockLength;
        s->Block += (uint)blocks;
        return (s->Blocks -= blocks) == 0 ? 1 : 0;
    }

    private static void Keystream(Work* w, byte* stream)
    {
        new Span<byte>(stream, PassLength).Clear();
        for (int i = 0; i < Unit; i++) w->At[i] = (ulong)(stream + (i * ChaCha20.BlockLength));
        Pass(w, 1, PassLength, Unit);
    }

    private static void Xor(byte* text, byte* stream, int length)
    {
        for (; length >= 32; length -= 32, text += 32, stream += 32) (Vector256.Load(text) ^ Vector256.Load(stream)).Store(text);
        for (; length >= 8; length -= 8, text += 8, stream += 8) *(ulong*)text ^= *(ulong*)stream;
        for (; length > 0; length--) *text++ ^= *stream++;
    }

    // ---- ChaCha20: eight blocks at once, one in each 32-bit lane. Source: RFC 8439 section 2.3 ------------------------

    /// <summary>
    /// Encrypts eight blocks a pass; after each the lanes' places go on by step bytes, their counters by blocks.
    /// Sixteen rows, temporaries and constants do not fit AVX2's sixteen registers: rows 8 to 11 are swapped in pairs through
    /// memory by hand, where it costs least (4 to 8 % faster than what RyuJIT's register allocator makes of sixteen locals).
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pass(Work* w, int passes, ulong step, uint blocks)
    {
        Lanes32* r = (Lanes32*)w->Rows, t = (Lanes32*)w->Spill;
        for (ulong o = 0; ; o += step)
        {
            Lanes32 x0 = r[0], x1 = r[1], x2 = r[2], x3 = r[3], x4 = r[4], x5 = r[5], x6 = r[6], x7 = r[7];
            Lanes32 x12 = w->Counter, x13 = default, x14 = w->Nonce0, x15 = w->Nonce1;
            Lanes32 c0 = r[8], c1 = r[9];
            t[2] = r[10];
            t[3] = r[11];
            for (int i = 0; i < 10; i++)
            {
                TwoQuarterRounds(ref x0, ref x4, ref c0, ref x12, ref x1, ref x5, ref c1, ref x13);
                t[0] = c0; t[1] = c1; c0 = t[2]; c1 = t[3];
                TwoQuarterRounds(ref x2, ref x6, ref c0, ref x14, ref x3, ref x7, ref c1, ref x15);
                TwoQuarterRounds(ref x0, ref x5, ref c0, ref x15, ref x1, ref x6, ref c1, ref x12);
                t[2] = c0; t[3] = c1; c0 = t[0]; c1 = t[1];
                TwoQuarterRounds(ref x2, ref x7, ref c0, ref x13, ref x3, ref x4, ref c1, ref x14);
            }

            t[0] = c0; t[1] = c1; t[4] = x12; t[5] = x13; t[6] = x14; t[7] = x15;
            XorHalf(x0 + r[0], x1 + r[1], x2 + r[2], x3 + r[3], x4 + r[4], x5 + r[5], x6 + r[6], x7 + r[7], w, o);
            XorHalf(
                t[0] + r[8], t[1] + r[9], t[2] + r[10], t[3] + r[11],
                t[4] + w->Counter, t[5], t[6] + w->Nonce0, t[7] + w->Nonce1, w, o + 32);
            if (--passes == 0) return;
            w->Counter += Vector256.Create(blocks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoQuarterRounds( // the order of the statements is deliberate: see docs/adr/0002-packet-aead.md
        ref Lanes32 a0, ref Lanes32 b0, ref Lanes32 c0, ref Lanes32 d0, ref Lanes32 a1, ref Lanes32 b1, ref Lanes32 c1, ref Lanes32 d1)
    {
        a0 += b0; a1 += b1; d0 ^= a0; d1 ^= a1; d0 = Rotate16(d0); d1 = Rotate16(d1);
        c0 += d0; c1 += d1; b0 ^= c0; b1 ^= c1; b0 = Rotate(b0, 12); b1 = Rotate(b1, 12);
        a0 += b0; a1 += b1; d0 ^= a0; d1 ^= a1; d0 = Rotate8(d0); d1 = Rotate8(d1);
        c0 += d0; c1 += d1; b0 ^= c0; b1 ^= c1; b0 = Rotate(b0, 7); b1 = Rotate(b1, 7);
    }

    // With AVX-512VL a rotation is one instruction. The three questions are constants to the JIT and to the AOT compiler.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes32 Rotate(Lanes32 x, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, bits) : (x << bits) | (x >>> (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes32 Rotate16(Lanes32 x) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, 16) : Shuffle(x, Vector128.Create(
        (byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes32 Rotate8(Lanes32 x) => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, 8) : Shuffle(x, Vector128.Create(
        (byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes32 Shuffle(Lanes32 x, Vector128<byte> order) =>
        Avx2.Shuffle(x.AsByte(), Vector256.Create(order, order)).AsUInt32();

    /// <summary>Transposes eight rows and XORs half a block of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void XorHalf(Lanes32 a, Lanes32 b, Lanes32 c, Lanes32 d, Lanes32 e, Lanes32 f, Lanes32 g, Lanes32 h, Work* w, ulong o)
    {
        Lanes64 t0 = Avx2.UnpackLow(a, b).AsUInt64(), t1 = Avx2.UnpackHigh(a, b).AsUInt64();
        Lanes64 t2 = Avx2.UnpackLow(c, d).AsUInt64(), t3 = Avx2.UnpackHigh(c, d).AsUInt64();
        Lanes64 t4 = Avx2.UnpackLow(e, f).AsUInt64(), t5 = Avx2.UnpackHigh(e, f).AsUInt64();
        Lanes64 t6 = Avx2.UnpackLow(g, h).AsUInt64(), t7 = Avx2.UnpackHigh(g, h).AsUInt64();
        XorTwoLanes(w, 0, o, Avx2.UnpackLow(t0, t2), Avx2.UnpackLow(t4, t6));
        XorTwoLanes(w, 1, o, Avx2.UnpackHigh(t0, t2), Avx2.UnpackHigh(t4, t6));
        XorTwoLanes(w, 2, o, Avx2.UnpackLow(t1, t3), Avx2.UnpackLow(t5, t7));
        XorTwoLanes(w, 3, o, Avx2.UnpackHigh(t1, t3), Avx2.UnpackHigh(t5, t7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void XorTwoLanes(Work* w, int i, ulong o, Lanes64 u, Lanes64 v)
    {
        ulong* low = (ulong*)(w->At[i] + o), high = (ulong*)(w->At[i + 4] + o);
        (Avx2.Permute2x128(u, v, 0x20) ^ Vector256.Load(low)).Store(low);
        (Avx2.Permute2x128(u, v, 0x31) ^ Vector256.Load(high)).Store(high);
    }
}
