using System.Buffers.Binary;
using System.Numerics;

namespace Chasqui.Core.Tests.Crypto;

/// <summary>The block function of RFC 8439 section 2.3 word by word: slow, plain, and independent of what it checks.</summary>
internal static class ReferenceChaCha20
{
    /// <summary>A keystream block for a 16-byte counter and nonce.</summary>
    internal static byte[] Block(ReadOnlySpan<byte> key, ReadOnlySpan<byte> counterAndNonce)
    {
        uint[] start = State(key, counterAndNonce), state = Rounds(start);
        byte[] block = new byte[64];
        for (int i = 0; i < 16; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(4 * i), state[i] + start[i]);
        }

        return block;
    }

    /// <summary>The subkey of XChaCha20: the first and the last row without the final addition.</summary>
    internal static byte[] HChaCha20(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        uint[] state = Rounds(State(key, nonce));
        byte[] subkey = new byte[32];
        for (int i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(subkey.AsSpan(4 * i), state[i < 4 ? i : i + 8]);
        }

        return subkey;
    }

    private static uint[] State(ReadOnlySpan<byte> key, ReadOnlySpan<byte> last)
    {
        byte[] bytes = [.. "expand 32-byte k"u8, .. key, .. last];
        uint[] state = new uint[16];
        for (int i = 0; i < 16; i++)
        {
            state[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i));
        }

        return state;
    }

    private static uint[] Rounds(uint[] start)
    {
        uint[] s = [.. start];
        for (int i = 0; i < 10; i++)
        {
            for (int j = 0; j < 4; j++) Quarter(s, j, 4 + j, 8 + j, 12 + j);
            for (int j = 0; j < 4; j++) Quarter(s, j, 4 + ((j + 1) % 4), 8 + ((j + 2) % 4), 12 + ((j + 3) % 4));
        }

        return s;
    }

    private static void Quarter(uint[] s, int a, int b, int c, int d)
    {
        s[d] = BitOperations.RotateLeft(s[d] ^ (s[a] += s[b]), 16);
        s[b] = BitOperations.RotateLeft(s[b] ^ (s[c] += s[d]), 12);
        s[d] = BitOperations.RotateLeft(s[d] ^ (s[a] += s[b]), 8);
        s[b] = BitOperations.RotateLeft(s[b] ^ (s[c] += s[d]), 7);
    }
}
