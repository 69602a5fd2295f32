using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Chasqui.Core.Crypto;

/// <content>
/// Poly1305 of many packets at once, one in each 64-bit lane, in radix 2^32. Source: RFC 8439 section 2.5. Each lane has its
/// packet's own r, which is clamped to 28 bits a word, so that the sums of products fit 64 bits and a step has 20
/// multiplications (25 in radix 2^26). A group is as many packets as a vector has sums; a chunk is two groups.
/// </content>
internal static unsafe partial class VectorAead<TWords, TSums>
{
    // A group of packets, in vectors: r0 to r3, then s1 to s3 = r1 to r3 * 5/4, the sums h0 to h4, and what is added last.
    private const int H = 7;
    private const int Pad = 12;
    private const int Group = 14;

    private const int SplitBlocks = 20; // a packet of fewer blocks is not worth taking to pieces

    private static int Half => Lanes / 2; // packets in a group

    /// <summary>Writes tags under keys given as r and s, 64 bytes apart, as many as there are lanes: for tests with hostile keys.</summary>
    internal static void WriteTags(ReadOnlySpan<byte> keys, Span<byte> buffer, Span<PacketSlot> packets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packets.Length, Lanes);
        byte* raw = stackalloc byte[(Size + 1) * sizeof(TWords)];
        TWords* w = Align(raw);
        keys.CopyTo(new Span<byte>(w + Stream, PassLength));
        LoadKeys(w, packets.Length);
        fixed (byte* text = buffer)
        fixed (PacketSlot* slots = packets) Authenticate(text, slots, packets.Length, w, open: false);
    }

    /// <summary>The packets' one-time keys from the first pass of keystream: r clamped, sums zero.</summary>
    private static void LoadKeys(TWords* w, int n)
    {
        TSums word = TSums.Create(0xffffffff);
        byte** at = (byte**)(w + At);
        for (int i = 0; i < Lanes; i++) at[i] = (byte*)(w + Stream) + (n == 1 ? 0 : Block * i); // one alone has all lanes
        for (int group = 0; group < 2; group++, at += Half)
        {
            TSums* t = (TSums*)(w + Sums) + (group * Group);
            TSums.Load(at, 0, out TSums low, out TSums high);
            TSums.Load(at, 16, out t[Pad], out t[Pad + 1]);
            low &= TSums.Create(0x0ffffffc0fffffff);
            high &= TSums.Create(0x0ffffffc0ffffffc);
            t[0] = low & word;
            t[1] = low >>> 32;
            t[2] = high & word;
            t[3] = high >>> 32;
            for (int i = 1; i < 4; i++) t[3 + i] = t[i] + (t[i] >>> 2);
            for (int i = 0; i < 5; i++) t[H + i] = TSums.Create(0);
        }
    }

    /// <summary>Writes (sealing) or checks (opening) the tags of the packets.</summary>
    private static void Authenticate(byte* text, PacketSlot* p, int n, TWords* w, bool open)
    {
        int longest = 0;
        for (int i = 0; i < n; i++)
        {
            if (p[i].Length > p[longest].Length) longest = i;
            PutTail(text + p[i].Offset, p[i].Length, (byte*)(w + Tails) + (32 * i));
        }

        int steps = Steps(p[longest].Length), step = n == 1 ? AbsorbParts(w, text + p->Offset, steps - 2) : 0;
        while (step < steps) step = AbsorbRun(text, p, n, w, step, steps, text + p[longest].Offset);
        for (int i = 0; i < n; i++)
        {
            ulong* h = Sum(w, i, H), pad = Sum(w, i, Pad), where = (ulong*)(text + p[i].Offset + p[i].Length);
            UInt128 tag = Poly1305.Finish(h[0], h[Half], h[2 * Half], h[3 * Half], h[4 * Half], new UInt128(pad[Half], pad[0]));
            if (open)
            {
                p[i].IsAuthentic = ((where[0] ^ (ulong)tag) | (where[1] ^ (ulong)(tag >> 64))) == 0; // no early exit
            }
            else
            {
                where[0] = (ulong)tag;
                where[1] = (ulong)(tag >> 64);
            }
        }
    }

    /// <summary>A packet's Poly1305 blocks: its text's, and the lengths.</summary>
    private static int Steps(int length) => (int)(((uint)length + 15) / 16) + 1;

    private static ulong* Sum(TWords* w, int lane, int vector) =>
        (ulong*)((TSums*)(w + Sums) + (lane / Half * Group) + vector) + (lane % Half);

    /// <summary>The last two blocks of a packet: the end of its text padded with zeros, if it has a text, and the lengths.</summary>
    private static void PutTail(byte* text, int length, byte* tail)
    {
        int whole = length == 0 ? 0 : (length - 1) & ~15;
        Vector128<byte> rest = Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)(length - whole)));
        (Vector128.Load(text + whole) & rest).Store(tail); // reads into the place of the tag, never beyond it
        Vector128.Create(0ul, (ulong)length).Store((ulong*)tail + 2);
    }

    /// <summary>
    /// Goes on until the next packet joins in, and returns at which step that is. All lanes end at the same step: a short
    /// packet begins late. Until then its lane follows the longest one, and what it has then summed up is thrown away.
    /// </summary>
    private static int AbsorbRun(byte* text, PacketSlot* p, int n, TWords* w, int step, int steps, byte* longest)
    {
        int end = step < steps - 2 ? steps - 2 : steps;
        byte** at = (byte**)(w + At);
        for (int i = 0; i < Lanes; i++)
        {
            int begin = i < n ? steps - Steps(p[i].Length) : 0;
            at[i] = i < n && begin <= step ? text + p[i].Offset - ((nint)begin * 16) : longest;
            if (step >= steps - 2) at[i] = (byte*)(w + Tails) + (32 * (i % n)) - ((nint)(steps - 2) * 16);
            if (begin > step) end = Math.Min(end, begin);
            if (begin == step) for (int j = 0; j < 5; j++) Sum(w, i, H)[j * Half] = 0;
        }

        TSums* t = (TSums*)(w + Sums);
        Absorb(t, at, (nint)step * 16, (nint)end * 16);
        if (n > Half) Absorb(t + Group, at + Half, (nint)step * 16, (nint)end * 16);
        return end;
    }

    /// <summary>
    /// A long packet on its own: each lane but the last takes a part of it, k blocks. The last lane repeats the one before it
    /// from h = 1, not 0, so that it ends with r^k more: no exponentiation. The parts are put together as
    /// (h0 * r^k + h1) * r^k + h2 and so on, in lane 0. Returns how many blocks that were.
    /// </summary>
    private static int AbsorbParts(TWords* w, byte* text, int blocks)
    {
        const ulong TwiceTop = 2 * ((1 << 26) - 1), TwiceLow = TwiceTop - 8; // limbs of 2 * (2^130 - 5)
        if (blocks < SplitBlocks) return 0;
        int parts = Half - 1, k = blocks / parts;
        byte** at = (byte**)(w + At);
        for (int i = 0; i < Half; i++) at[i] = text + ((nint)Math.Min(i, parts - 1) * k * 16);
        ulong* h = Sum(w, 0, H), power = (ulong*)(w + Limbs), x = power + 5, next = x + 5;
        h[parts] = 1;
        Absorb((TSums*)(w + Sums), at, 0, (nint)k * 16);
        LaneLimbs(h + parts, power);
        LaneLimbs(h + parts - 1, next);
        for (int j = 0; j < 5; j++) power[j] += (j == 0 ? TwiceLow : TwiceTop) - next[j]; // without borrows
        ReadOnlySpan<byte> zero = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        LaneLimbs(h, x);
        for (int i = 1; i < parts; i++)
        {
            Poly1305.Absorb(new Span<ulong>(x, 5), new Span<ulong>(power, 5), zero, top: 0); // x = x * r^k
            LaneLimbs(h + i, next);
            for (int j = 0; j < 5; j++) x[j] += next[j];
        }

        h[0] = x[0] + (x[1] << 26);
        for (int i = 1; i < 4; i++) h[i * Half] = x[i + 1] << (26 - (6 * i));
        h[4 * Half] = 0;
        return k * parts;
    }

    private static void LaneLimbs(ulong* h, ulong* limbs) =>
        Poly1305.ToLimbs(h[0], h[Half], h[2 * Half], h[3 * Half], h[4 * Half], new Span<ulong>(limbs, 5));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Absorb(TSums* t, byte** at, nint o, nint end)
    {
        TSums h0 = t[7], h1 = t[8], h2 = t[9], h3 = t[10], h4 = t[11];
        do Step(t, at, o, ref h0, ref h1, ref h2, ref h3, ref h4); while ((o += 16) < end);
        t[7] = h0; t[8] = h1; t[9] = h2; t[10] = h3; t[11] = h4;
    }

    /// <summary>
    /// h = (h + block) * r for a group. h0 to h4 are 64-bit sums, not carried yet (below 2^62.3); x0 to x3 are their 32-bit
    /// words (a product ignores what is above bit 31), x4 is at most 6. What h3 and h4 have above 2^130 is folded in first, so
    /// that the carries run through only once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(TSums* t, byte** at, nint o, ref TSums h0, ref TSums h1, ref TSums h2, ref TSums h3, ref TSums h4)
    {
        TSums word = TSums.Create(0xffffffff);
        TSums.Load(at, o, out TSums low, out TSums high);
        TSums x4 = h4 + (h3 >>> 32);
        TSums x0 = (h0 + (low & word)) + ((x4 >>> 2) + (x4 & TSums.Create(~3ul))); // + 5 * (x4 / 4)
        TSums x1 = (h1 + (low >>> 32)) + (x0 >>> 32);
        TSums x2 = (h2 + (high & word)) + (x1 >>> 32);
        TSums x3 = ((h3 & word) + (high >>> 32)) + (x2 >>> 32);
        x4 = ((x4 & TSums.Create(3)) + TSums.Create(1)) + (x3 >>> 32); // the 1 is the bit that a whole block has at 2^128
        TSums r = t[0];                               // factor by factor: what is then alive fits sixteen registers
        h0 = x0 * r; h1 = x1 * r; h2 = x2 * r; h3 = x3 * r; h4 = x4 * r;
        r = t[1]; h1 += x0 * r; h2 += x1 * r; h3 += x2 * r;
        r = t[2]; h2 += x0 * r; h3 += x1 * r;
        r = t[3]; h3 += x0 * r;
        r = t[6]; h0 += x1 * r; h1 += x2 * r; h2 += x3 * r; h3 += x4 * r;
        r = t[5]; h0 += x2 * r; h1 += x3 * r; h2 += x4 * r;
        r = t[4]; h0 += x3 * r; h1 += x4 * r;
    }
}
