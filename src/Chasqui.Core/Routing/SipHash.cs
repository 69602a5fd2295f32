using System.Buffers.Binary;
using System.Numerics;

namespace Chasqui.Core.Routing;

/// <summary>SipHash-2-4 under one secret key: the hash of tables whose keys strangers choose.</summary>
/// <remarks>
/// Without the key nobody can make entries collide, so a chain cannot be grown on purpose. It is no general MAC here:
/// results stay inside the process. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
/// </remarks>
internal readonly struct SipHash
{
    /// <summary>Length of the key in bytes.</summary>
    internal const int KeyLength = 16;

    private readonly ulong _k0;
    private readonly ulong _k1;

    /// <summary>Takes a key of 16 bytes.</summary>
    internal SipHash(ReadOnlySpan<byte> key)
    {
        _k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>A hash under a fresh random key.</summary>
    internal static SipHash FromEntropy(IEntropy entropy)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        entropy.Fill(key);
        return new SipHash(key);
    }

    /// <summary>Hashes any number of bytes.</summary>
    internal ulong Hash(ReadOnlySpan<byte> input)
    {
        State state = new(_k0, _k1);
        ulong length = (ulong)input.Length << 56;
        for (; input.Length >= sizeof(ulong); input = input[sizeof(ulong)..])
        {
            state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(input));
        }

        ulong last = length;
        for (int i = 0; i < input.Length; i++)
        {
            last |= (ulong)input[i] << (8 * i);
        }

        return state.Finish(last);
    }

    /// <summary>Hashes four bytes: the little-endian form of <paramref name="value"/>.</summary>
    internal ulong Hash(uint value)
    {
        State state = new(_k0, _k1);
        return state.Finish((4UL << 56) | value);
    }

    /// <summary>Hashes eight bytes: the little-endian form of <paramref name="value"/>.</summary>
    internal ulong Hash(ulong value)
    {
        State state = new(_k0, _k1);
        state.Absorb(value);
        return state.Finish(8UL << 56);
    }

    /// <summary>Hashes sixteen bytes: the little-endian forms of two words.</summary>
    internal ulong Hash(ulong first, ulong second)
    {
        State state = new(_k0, _k1);
        state.Absorb(first);
        state.Absorb(second);
        return state.Finish(16UL << 56);
    }

    private ref struct State(ulong k0, ulong k1)
    {
        private ulong _v0 = k0 ^ 0x736f6d6570736575;
        private ulong _v1 = k1 ^ 0x646f72616e646f6d;
        private ulong _v2 = k0 ^ 0x6c7967656e657261;
        private ulong _v3 = k1 ^ 0x7465646279746573;

        internal void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        internal ulong Finish(ulong lastWord)
        {
            Absorb(lastWord);
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            _v0 += _v1;
            _v2 += _v3;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 = BitOperations.RotateLeft(_v0, 32) + _v3;
            _v2 += _v1;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
