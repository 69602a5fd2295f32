using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>BLAKE2s with 32 bytes of output, and keyed with 16.</summary>
/// <remarks>
/// Our own because every handshake-shaped packet from a stranger costs one <see cref="Mac"/>, and this allocates nothing: its state,
/// through which <see cref="Kdf"/>'s keys pass, is on the stack and zeroed. Figures: docs/adr/0001-crypto-packages.md.
/// Source: RFC 7693; whitepaper section 5.4 (Hash and Mac).
/// </remarks>
internal static class Blake2s
{
    internal const int HashLength = 32;
    internal const int MacLength = ProtocolConstants.MacLength;
    internal const int BlockLength = 64;

    /// <summary>Hashes <paramref name="first"/> followed by <paramref name="second"/>.</summary>
    /// <param name="first">Any length.</param>
    /// <param name="second">Any length.</param>
    /// <param name="digest32">32 bytes; may overlap the inputs in any way.</param>
    internal static void Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest32)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest32.Length, HashLength);
        HashBlocks(keyLength: 0, first, second, digest32);
    }

    /// <summary>Keyed BLAKE2s of <paramref name="input"/>.</summary>
    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="input">Any length.</param>
    /// <param name="mac16">16 bytes; may overlap the inputs in any way.</param>
    internal static void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, Span<byte> mac16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MacLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(mac16.Length, MacLength);
        HashKeyed(key, input, mac16);
    }

    /// <summary>Keyed BLAKE2s with any lengths that it allows: <see cref="Mac"/> without its restriction.</summary>
    /// <param name="key">At most 32 bytes; none for a plain hash.</param>
    /// <param name="input">Any length.</param>
    /// <param name="digest">1 to 32 bytes.</param>
    internal static void HashKeyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, Span<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, HashLength);
        ArgumentOutOfRangeException.ThrowIfZero(digest.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digest.Length, HashLength);

        // RFC 7693 section 2.9: the key, padded with zeros, is the first block.
        Span<byte> keyBlock = stackalloc byte[BlockLength];
        keyBlock.Clear();
        key.CopyTo(keyBlock);
        HashBlocks(key.Length, key.IsEmpty ? [] : keyBlock, input, digest);
        SecretMemory.Zero(keyBlock);
    }

    private static void HashBlocks(int keyLength, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest)
    {
        // The parameter block: digest length, key length, fanout 1, depth 1 (RFC 7693 section 2.8).
        Span<Vector128<uint>> state = stackalloc Vector128<uint>[2];
        state[0] = IvLow ^ Vector128.CreateScalar(0x01010000u | ((uint)keyLength << 8) | (uint)digest.Length);
        state[1] = IvHigh;

        Span<byte> block = stackalloc byte[BlockLength];
        ulong counter = 0;
        do
        {
            counter += (uint)TakeBlock(ref first, ref second, block);
            Compress(state, block, counter, isLast: first.IsEmpty && second.IsEmpty);
        }
        while (!(first.IsEmpty && second.IsEmpty));

        Span<byte> whole = MemoryMarshal.AsBytes(state);
        whole[..digest.Length].CopyTo(digest);
        SecretMemory.Zero(whole);
        SecretMemory.Zero(block);
    }

    /// <summary>Moves up to one block off the front of the two inputs; the rest of <paramref name="block"/> is zeroed.</summary>
    /// <returns>How many bytes were left to move.</returns>
    private static int TakeBlock(ref ReadOnlySpan<byte> first, ref ReadOnlySpan<byte> second, scoped Span<byte> block)
    {
        int fromFirst = Math.Min(block.Length, first.Length);
        first[..fromFirst].CopyTo(block);
        first = first[fromFirst..];

        int fromSecond = Math.Min(block.Length - fromFirst, second.Length);
        second[..fromSecond].CopyTo(block[fromFirst..]);
        second = second[fromSecond..];

        int length = fromFirst + fromSecond;
        block[length..].Clear();
        return length;
    }

    /// <summary>The compression function F of RFC 7693 section 3.2; a vector lane is a column, then a diagonal.</summary>
    private static void Compress(Span<Vector128<uint>> state, ReadOnlySpan<byte> block, ulong counter, bool isLast)
    {
        Span<uint> words = stackalloc uint[16];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        }

        Vector128<uint> a = state[0], b = state[1], c = IvLow;
        Vector128<uint> d = IvHigh ^ Vector128.Create((uint)counter, (uint)(counter >> 32), isLast ? uint.MaxValue : 0, 0);
        for (ReadOnlySpan<byte> sigma = Sigma; sigma.Length >= 16; sigma = sigma[16..])
        {
            Mix(ref a, ref b, ref c, ref d, Gather(words, sigma), Gather(words, sigma[1..]));
            b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
            Mix(ref a, ref b, ref c, ref d, Gather(words, sigma[8..]), Gather(words, sigma[9..]));
            b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
        }

        state[0] ^= a ^ c;
        state[1] ^= b ^ d;
        SecretMemory.Zero(MemoryMarshal.AsBytes(words));
    }

    /// <summary>The mixing function G of RFC 7693 section 3.1, four times side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, Vector128<uint> x, Vector128<uint> y)
    {
        a += b + x;
        d = RotateRight(d ^ a, 16);
        c += d;
        b = RotateRight(b ^ c, 12);
        a += b + y;
        d = RotateRight(d ^ a, 8);
        c += d;
        b = RotateRight(b ^ c, 7);
    }

    /// <summary>Every second of eight message words, in the order of <paramref name="sigma"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Gather(ReadOnlySpan<uint> words, ReadOnlySpan<byte> sigma) =>
        Vector128.Create(words[sigma[0]], words[sigma[2]], words[sigma[4]], words[sigma[6]]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight(Vector128<uint> value, int count) => (value >>> count) | (value << (32 - count));

    /// <summary>The first half of the initial state. Source: RFC 7693 section 2.6.</summary>
    private static Vector128<uint> IvLow => Vector128.Create(0x6A09E667u, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A);

    /// <summary>The second half of the initial state.</summary>
    private static Vector128<uint> IvHigh => Vector128.Create(0x510E527Fu, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19);

    /// <summary>RFC 7693 section 2.7, a row a round.</summary>
    private static ReadOnlySpan<byte> Sigma =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];
}
