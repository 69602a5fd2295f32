using System.Runtime.Intrinsics.X86;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>Diffie-Hellman on Curve25519, one at a time or several side by side.</summary>
/// <remarks>
/// Private keys are clamped at use; public keys may have their top bit set or lie above the prime, which is ignored or reduced.
/// Nothing branches or addresses memory by a secret, nothing is allocated, and scratch memory is zeroed.
/// With AVX2 a single multiplication has the four products of a ladder step in the lanes of a vector, and three or four
/// multiplications have a lane each, which takes as long as two single ones: docs/adr/0001-crypto-packages.md has the figures.
/// Source: RFC 7748 sections 5 and 6.1; whitepaper section 5.4 (DH).
/// </remarks>
internal static class X25519
{
    internal const int KeyLength = ProtocolConstants.KeyLength;

    private const int WorthLanes = 3;

    /// <summary>u = 9: its product with a private key is the public key.</summary>
    internal static ReadOnlySpan<byte> BasePoint =>
        [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Computes the shared secret of a private key and somebody's public key.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="publicKey">32 bytes, any.</param>
    /// <param name="shared">32 bytes; may be the memory of one of the keys.</param>
    /// <returns>
    /// <see langword="false"/> if the result is all zeros, as it is for the points of low order: then there is no secret.
    /// </returns>
    internal static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shared.Length, KeyLength);
        Multiply(privateKey, publicKey, shared);
        return !SecretMemory.IsZero(shared);
    }

    /// <summary>Computes the public key of a private key.</summary>
    /// <param name="privateKey">32 bytes.</param>
    /// <param name="publicKey">32 bytes; may be the memory of the private key.</param>
    internal static void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(publicKey.Length, KeyLength);
        Multiply(privateKey, BasePoint, publicKey);
    }

    /// <summary>Computes scalar times point for any number of pairs, side by side where that is quicker.</summary>
    /// <param name="scalars">32 bytes each.</param>
    /// <param name="points">The points' u-coordinates, 32 bytes each: as many as scalars.</param>
    /// <param name="products">The u-coordinates of the products, all zeros for a point of low order; may be the memory of an input.</param>
    internal static void Multiply(ReadOnlySpan<byte> scalars, ReadOnlySpan<byte> points, Span<byte> products)
    {
        ThrowUnlessPairs(scalars, points, products);
        if (!Avx2.IsSupported)
        {
            MultiplyPortable(scalars, points, products);
            return;
        }

        for (int i = 0; i < scalars.Length;)
        {
            int left = (scalars.Length - i) / KeyLength;
            int count = left < WorthLanes ? 1 : Math.Min(left, X25519Lanes.Count);
            Range part = i..(i += count * KeyLength);
            if (count == 1)
            {
                X25519Lanes.MultiplyOne(scalars[part], points[part], products[part]);
            }
            else
            {
                X25519Lanes.MultiplyEach(scalars[part], points[part], products[part]);
            }
        }
    }

    /// <summary>As <see cref="Multiply"/>, one after the other on any 64-bit processor.</summary>
    internal static void MultiplyPortable(ReadOnlySpan<byte> scalars, ReadOnlySpan<byte> points, Span<byte> products)
    {
        ThrowUnlessPairs(scalars, points, products);
        for (int i = 0; i < scalars.Length; i += KeyLength)
        {
            X25519Ladder.Multiply(scalars.Slice(i, KeyLength), points.Slice(i, KeyLength), products.Slice(i, KeyLength));
        }
    }

    private static void ThrowUnlessPairs(ReadOnlySpan<byte> scalars, ReadOnlySpan<byte> points, ReadOnlySpan<byte> products)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalars.Length % KeyLength, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, scalars.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, scalars.Length);
    }
}
