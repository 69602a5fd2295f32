using System.Runtime.CompilerServices;

namespace Chasqui.Core.Crypto;

/// <content>ChaCha20: as many blocks at once as there are lanes. Source: RFC 8439 section 2.3.</content>
internal static unsafe partial class VectorAead<TWords, TSums>
{
    /// <summary>
    /// XORs each lane's keystream block where the lane's address points; with each pass both go on by all the lanes' blocks.
    /// Sixteen rows, temporaries and constants do not fit AVX2's sixteen registers: rows 8 to 11 are swapped in pairs through
    /// memory by hand, where it costs least. AVX-512 has registers enough, but is no faster without.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pass(TWords* w, int passes)
    {
        TWords* r = w + Rows, t = w + Spill;
        ulong* at = (ulong*)(w + At);
        for (ulong o = 0; ; o += (ulong)PassLength)
        {
            TWords x0 = r[0], x1 = r[1], x2 = r[2], x3 = r[3], x4 = r[4], x5 = r[5], x6 = r[6], x7 = r[7];
            TWords x12 = w[Counter], x13 = TWords.Create(0), x14 = w[Nonce0], x15 = w[Nonce1];
            TWords c0 = r[8], c1 = r[9];
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
            TWords.XorHalf(x0 + r[0], x1 + r[1], x2 + r[2], x3 + r[3], x4 + r[4], x5 + r[5], x6 + r[6], x7 + r[7], at, o);
            TWords.XorHalf(
                t[0] + r[8], t[1] + r[9], t[2] + r[10], t[3] + r[11],
                t[4] + w[Counter], t[5], t[6] + w[Nonce0], t[7] + w[Nonce1], at, o + 32);
            if (--passes == 0) return;
            w[Counter] += TWords.Create((uint)Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoQuarterRounds( // the order of the statements is deliberate: see docs/adr/0002-packet-aead.md
        ref TWords a0, ref TWords b0, ref TWords c0, ref TWords d0, ref TWords a1, ref TWords b1, ref TWords c1, ref TWords d1)
    {
        a0 += b0; a1 += b1; d0 ^= a0; d1 ^= a1; d0 = TWords.Rotate(d0, 16); d1 = TWords.Rotate(d1, 16);
        c0 += d0; c1 += d1; b0 ^= c0; b1 ^= c1; b0 = TWords.Rotate(b0, 12); b1 = TWords.Rotate(b1, 12);
        a0 += b0; a1 += b1; d0 ^= a0; d1 ^= a1; d0 = TWords.Rotate(d0, 8); d1 = TWords.Rotate(d1, 8);
        c0 += d0; c1 += d1; b0 ^= c0; b1 ^= c1; b0 = TWords.Rotate(b0, 7); b1 = TWords.Rotate(b1, 7);
    }
}
