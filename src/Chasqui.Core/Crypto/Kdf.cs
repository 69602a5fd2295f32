using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>The handshake's key derivation: HKDF over HMAC-BLAKE2s, with one, two or three outputs.</summary>
/// <remarks>
/// Every output is 32 bytes and may be the very memory of a key or an input. Intermediate values are zeroed.
/// Source: whitepaper section 5.4 (Kdf_n): τ0 = Hmac(key, input), τ1 = Hmac(τ0, 1), τi = Hmac(τ0, τi-1 ‖ i); RFC 5869; RFC 2104.
/// </remarks>
internal static class Kdf
{
    private const int MaxOutputs = 3;

    /// <summary>Derives one value.</summary>
    internal static void Derive1(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> out1)
    {
        Span<byte> derived = stackalloc byte[Blake2s.HashLength];
        Derive(chainingKey, input, derived);
        Move(derived, out1);
    }

    /// <summary>Derives two values.</summary>
    internal static void Derive2(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> out1, Span<byte> out2)
    {
        Span<byte> derived = stackalloc byte[2 * Blake2s.HashLength];
        Derive(chainingKey, input, derived);
        Move(derived[..Blake2s.HashLength], out1);
        Move(derived[Blake2s.HashLength..], out2);
    }

    /// <summary>Derives three values.</summary>
    internal static void Derive3(
        ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> out1, Span<byte> out2, Span<byte> out3)
    {
        Span<byte> derived = stackalloc byte[MaxOutputs * Blake2s.HashLength];
        Derive(chainingKey, input, derived);
        Move(derived[..Blake2s.HashLength], out1);
        Move(derived[Blake2s.HashLength..(2 * Blake2s.HashLength)], out2);
        Move(derived[(2 * Blake2s.HashLength)..], out3);
    }

    /// <summary>HMAC-BLAKE2s.</summary>
    /// <param name="key">At most 64 bytes.</param>
    /// <param name="input">Any length.</param>
    /// <param name="mac32">32 bytes; may overlap the key or the input.</param>
    internal static void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, Span<byte> mac32)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, Blake2s.BlockLength);
        Span<byte> pad = stackalloc byte[Blake2s.BlockLength];
        Span<byte> inner = stackalloc byte[Blake2s.HashLength];
        FillPad(key, 0x36, pad);
        Blake2s.Hash(pad, input, inner);
        FillPad(key, 0x5C, pad);
        Blake2s.Hash(pad, inner, mac32);
        SecretMemory.Zero(pad);
        SecretMemory.Zero(inner);
    }

    /// <summary>Fills <paramref name="derived"/>, one to three times 32 bytes, with τ1, τ2 and τ3.</summary>
    private static void Derive(ReadOnlySpan<byte> chainingKey, ReadOnlySpan<byte> input, Span<byte> derived)
    {
        Span<byte> extracted = stackalloc byte[Blake2s.HashLength];
        Span<byte> block = stackalloc byte[Blake2s.HashLength + 1];
        Hmac(chainingKey, input, extracted);

        int previousLength = 0;
        for (byte number = 1; !derived.IsEmpty; number++)
        {
            block[previousLength] = number;
            Hmac(extracted, block[..(previousLength + 1)], derived[..Blake2s.HashLength]);
            derived[..Blake2s.HashLength].CopyTo(block);
            derived = derived[Blake2s.HashLength..];
            previousLength = Blake2s.HashLength;
        }

        SecretMemory.Zero(extracted);
        SecretMemory.Zero(block);
    }

    private static void FillPad(ReadOnlySpan<byte> key, byte value, Span<byte> pad)
    {
        pad.Fill(value);
        for (int i = 0; i < key.Length; i++)
        {
            pad[i] ^= key[i];
        }
    }

    private static void Move(Span<byte> secret, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, Blake2s.HashLength);
        secret.CopyTo(destination);
        SecretMemory.Zero(secret);
    }
}
