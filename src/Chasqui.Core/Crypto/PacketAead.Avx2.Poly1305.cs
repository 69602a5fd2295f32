using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lanes64 = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Chasqui.Core.Crypto;

/// <content>
/// Poly1305 of up to eight packets at once, one in each 64-bit lane. Source: RFC 8439 section 2.5.
/// A group of four packets is twelve vectors: r0 to r3, then s1 to s3 = r1 to r3 * 5/4, then the sums h0 to h4.
/// SAFETY: reads texts and the 16 bytes behind each, writes tags there; see the other AVX2 file.
/// </content>
internal sealed unsafe partial class PacketAead
{
    /// <summary>How far each lane is: the blocks that it is in, then the last ones in Work.Tails.</summary>
    private struct Progress
    {
        public fixed ulong At[Unit], Tail[Unit];
        public fixed int Left[Unit], Last[Unit];
    }

    /// <summary>Writes the tags of up to eight texts under keys given as r and s, 64 bytes apart: for tests with hostile keys.</summary>
    internal static void WriteTagsAvx2(ReadOnlySpan<byte> keys, Span<byte> buffer, Span<PacketSlot> packets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packets.Length, Unit);
        CheckBounds(buffer.Length, packets);
        byte* raw = stackalloc byte[sizeof(Work) + 63];
        Work* w = Align(raw);
        keys.CopyTo(new Span<byte>(w->Keys, PassLength));
        fixed (byte* text = buffer)
        fixed (PacketSlot* slots = packets) Authenticate(text, slots, packets.Length, w, open: false);
    }

    /// <summary>Writes (sealing) or checks (opening) the tags of up to eight packets of any sizes.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining)]
    private static void Authenticate(byte* text, PacketSlot* p, int n, Work* w, bool open)
    {
        Lanes64* table = (Lanes64*)w->Poly;
        int lanes = n > 4 ? 8 : 4;
        LoadKeys(w, lanes, isAlone: n == 1);
        Progress lane;
        for (int i = 0; i < lanes; i++)
        {
            lane.Left[i] = lane.Last[i] = 0;
            if (i < n) Begin(&lane, i, text + p[i].Offset, p[i].Length, w->Tails + (32 * i));
        }

        if (n == 1 && lane.Left[0] > SplitBlocks) AbsorbThirds(w, &lane);
        for (int busy = n; busy > 0;)
        {
            int run = NextRun(&lane, lanes);
            if (lanes > 4) AbsorbEight(table, (byte**)lane.At, run); else AbsorbFour(table, (byte**)lane.At, run);
            for (int i = 0; i < lanes; i++)
            {
                if (!IsDone(&lane, i, run)) continue;
                busy--;
                Conclude(table, w, i, (ulong*)(text + p[i].Offset + p[i].Length), ref p[i].IsAuthentic, open);
            }
        }
    }

    /// <summary>The packets' one-time keys from the first pass of keystream: r clamped, sums zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadKeys(Work* w, int lanes, bool isAlone)
    {
        nint next = isAlone ? 0 : ChaCha20.BlockLength; // a packet on its own has all four lanes
        Lanes64 word = Vector256.Create(0xfffffffful);
        for (int i = 0; i < lanes; i += 4)
        {
            Lanes64* t = (Lanes64*)w->Poly + (i / 4 * Group);
            byte* key = w->Keys + (ChaCha20.BlockLength * i);
            LoadFour(key, key + next, key + (2 * next), key + (3 * next), out Lanes64 low, out Lanes64 high);
            low &= Vector256.Create(0x0ffffffc0ffffffful);
            high &= Vector256.Create(0x0ffffffc0ffffffcul);
            t[0] = low & word;
            t[1] = low >>> 32;
            t[2] = high & word;
            t[3] = high >>> 32;
            for (int j = 1; j < 4; j++) t[3 + j] = t[j] + (t[j] >>> 2);
            for (int j = 7; j < Group; j++) t[j] = default;
        }
    }

    /// <summary>A lane goes through its packet's whole blocks, then through its tail: the rest, padded, and the lengths.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin(Progress* lane, int i, byte* text, int length, byte* tail)
    {
        int whole = length & ~15;
        Vector128<byte> rest = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)(length - whole)));
        (Vector128.Load(text + whole) & rest).Store(tail); // reads into the place of the tag, never beyond it
        Vector128.Create(0ul, (ulong)length).Store((ulong*)tail + 2);
        lane->Last[i] = length > whole ? 2 : 1;
        lane->Tail[i] = (ulong)(tail + 32 - (16 * lane->Last[i]));
        lane->At[i] = (ulong)text;
        lane->Left[i] = whole / 16;
        if (whole == 0) BeginTail(lane, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BeginTail(Progress* lane, int i)
    {
        lane->At[i] = lane->Tail[i];
        lane->Left[i] = lane->Last[i];
        lane->Last[i] = 0;
    }

    /// <summary>How many blocks all busy lanes have in one piece. An idle lane shadows a busy one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextRun(Progress* lane, int lanes)
    {
        int run = int.MaxValue;
        ulong busy = 0;
        for (int i = 0; i < lanes; i++)
        {
            if (lane->Left[i] == 0) continue;
            run = Math.Min(run, lane->Left[i]);
            busy = lane->At[i];
        }

        for (int i = 0; i < lanes; i++) if (lane->Left[i] == 0) lane->At[i] = busy;
        return run;
    }

    /// <summary>Moves a lane on. True when that was the end of its packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDone(Progress* lane, int i, int run)
    {
        if (lane->Left[i] == 0) return false;
        lane->At[i] += (ulong)run * 16;
        if ((lane->Left[i] -= run) > 0) return false;
        BeginTail(lane, i);
        return lane->Left[i] == 0;
    }

    private static void Conclude(Lanes64* table, Work* w, int i, ulong* where, ref bool isAuthentic, bool open)
    {
        ulong* h = (ulong*)(table + (Group * (i / 4)) + 7) + (i % 4), s = (ulong*)(w->Keys + (ChaCha20.BlockLength * i) + 16);
        UInt128 tag = Poly1305.Finish(h[0], h[4], h[8], h[12], h[16], new UInt128(s[1], s[0]));
        if (open)
        {
            isAuthentic = ((where[0] ^ (ulong)tag) | (where[1] ^ (ulong)(tag >> 64))) == 0; // no early exit
        }
        else
        {
            where[0] = (ulong)tag;
            where[1] = (ulong)(tag >> 64);
        }
    }

    /// <summary>
    /// A long packet on its own: lanes 0 to 2 each take a third of it, k blocks. Lane 3 repeats lane 2 from h = 1, not 0, so
    /// that it ends with r^k more: no exponentiation. The thirds are put together as (h0 * r^k + h1) * r^k + h2, in lane 0.
    /// </summary>
    private static void AbsorbThirds(Work* w, Progress* lane)
    {
        const ulong TwiceTop = 2 * ((1 << 26) - 1), TwiceLow = TwiceTop - 8; // limbs of 2 * (2^130 - 5)
        int k = (lane->Left[0] - 1) / 3; // at least one block is left over
        Lanes64* table = (Lanes64*)w->Poly;
        byte** part = stackalloc byte*[4];
        for (int i = 0; i < 4; i++) part[i] = (byte*)lane->At[0] + ((nint)Math.Min(i, 2) * k * 16);
        ulong* h = (ulong*)(table + 7), power = w->Limbs, x = power + 5, next = x + 5;
        h[3] = 1;
        AbsorbFour(table, part, k);
        LaneLimbs(h + 3, power);
        LaneLimbs(h + 2, next);
        for (int j = 0; j < 5; j++) power[j] += (j == 0 ? TwiceLow : TwiceTop) - next[j]; // without borrows
        ReadOnlySpan<byte> zero = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        LaneLimbs(h, x);
        for (int i = 1; i < 3; i++)
        {
            Poly1305.Absorb(new Span<ulong>(x, 5), new Span<ulong>(power, 5), zero, top: 0); // x = x * r^k
            LaneLimbs(h + i, next);
            for (int j = 0; j < 5; j++) x[j] += next[j];
        }

        h[0] = x[0] + (x[1] << 26);
        h[4] = x[2] << 20;
        h[8] = x[3] << 14;
        h[12] = x[4] << 8;
        h[16] = 0;
        lane->At[0] += (ulong)k * 48;
        lane->Left[0] -= 3 * k;
    }

    private static void LaneLimbs(ulong* h, ulong* limbs) => Poly1305.ToLimbs(h[0], h[4], h[8], h[12], h[16], new Span<ulong>(limbs, 5));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AbsorbFour(Lanes64* t, byte** at, int blocks)
    {
        Lanes64 h0 = t[7], h1 = t[8], h2 = t[9], h3 = t[10], h4 = t[11];
        byte* p0 = at[0], p1 = at[1], p2 = at[2], p3 = at[3];
        nint o = 0, end = (nint)blocks * 16;
        do Step(t, p0 + o, p1 + o, p2 + o, p3 + o, ref h0, ref h1, ref h2, ref h3, ref h4); while ((o += 16) < end);
        t[7] = h0; t[8] = h1; t[9] = h2; t[10] = h3; t[11] = h4;
    }

    /// <summary>Two groups of four: two chains of dependent steps keep the processor busier than one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AbsorbEight(Lanes64* t, byte** at, int blocks)
    {
        Lanes64 h0 = t[7], h1 = t[8], h2 = t[9], h3 = t[10], h4 = t[11], g0 = t[19], g1 = t[20], g2 = t[21], g3 = t[22], g4 = t[23];
        nint o = 0, end = (nint)blocks * 16;
        do
        {
            Step(t, at[0] + o, at[1] + o, at[2] + o, at[3] + o, ref h0, ref h1, ref h2, ref h3, ref h4);
            Step(t + Group, at[4] + o, at[5] + o, at[6] + o, at[7] + o, ref g0, ref g1, ref g2, ref g3, ref g4);
        }
        while ((o += 16) < end);
        t[7] = h0; t[8] = h1; t[9] = h2; t[10] = h3; t[11] = h4;
        t[19] = g0; t[20] = g1; t[21] = g2; t[22] = g3; t[23] = g4;
    }

    /// <summary>
    /// h = (h + block) * r for four packets. h0 to h4 are 64-bit sums, not carried yet (below 2^62.3); x0 to x3 are their
    /// 32-bit words (Product ignores what is above bit 31), x4 is at most 6. What h3 and h4 have above 2^130 is folded in
    /// first, so that the carries run through only once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        Lanes64* t, byte* p0, byte* p1, byte* p2, byte* p3, ref Lanes64 h0, ref Lanes64 h1, ref Lanes64 h2, ref Lanes64 h3, ref Lanes64 h4)
    {
        Lanes64 word = Vector256.Create(0xfffffffful), three = Vector256.Create(3ul);
        LoadFour(p0, p1, p2, p3, out Lanes64 low, out Lanes64 high);
        Lanes64 x4 = h4 + (h3 >>> 32);
        Lanes64 x0 = (h0 + (low & word)) + ((x4 >>> 2) + Avx2.AndNot(three, x4)); // + 5 * (x4 / 4)
        Lanes64 x1 = (h1 + (low >>> 32)) + (x0 >>> 32);
        Lanes64 x2 = (h2 + (high & word)) + (x1 >>> 32);
        Lanes64 x3 = ((h3 & word) + (high >>> 32)) + (x2 >>> 32);
        x4 = ((x4 & three) + Lanes64.One) + (x3 >>> 32); // the 1 is the bit that a whole block has at 2^128
        h0 = Product(x0, t[0]) + Product(x1, t[6]) + Product(x2, t[5]) + Product(x3, t[4]);
        h1 = Product(x0, t[1]) + Product(x1, t[0]) + Product(x2, t[6]) + Product(x3, t[5]) + Product(x4, t[4]);
        h2 = Product(x0, t[2]) + Product(x1, t[1]) + Product(x2, t[0]) + Product(x3, t[6]) + Product(x4, t[5]);
        h3 = Product(x0, t[3]) + Product(x1, t[2]) + Product(x2, t[1]) + Product(x3, t[0]) + Product(x4, t[6]);
        h4 = Product(x4, t[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes64 Product(Lanes64 a, Lanes64 b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    /// <summary>The next 16 bytes of four packets as 64-bit halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadFour(byte* p0, byte* p1, byte* p2, byte* p3, out Lanes64 low, out Lanes64 high)
    {
        Lanes64 a = Vector256.Create(Vector128.Load((ulong*)p0), Vector128.Load((ulong*)p2));
        Lanes64 b = Vector256.Create(Vector128.Load((ulong*)p1), Vector128.Load((ulong*)p3));
        low = Avx2.UnpackLow(a, b);
        high = Avx2.UnpackHigh(a, b);
    }
}
