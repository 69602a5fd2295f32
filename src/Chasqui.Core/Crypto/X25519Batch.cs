using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Crypto;

/// <summary>Up to four multiplications that need nothing of each other: three side by side take as long as two one after the other.</summary>
/// <remarks>Ownership: lives on the stack of one computation, which disposes it; that zeroes everything.</remarks>
internal struct X25519Batch : IDisposable
{
    private const int Capacity = 4;

    private Keys _scalars;
    private Keys _points;
    private Keys _products;
    private int _count;

    [InlineArray(Capacity * X25519.KeyLength)]
    private struct Keys
    {
        private byte _first;
    }

    /// <summary>Adds a multiplication.</summary>
    /// <param name="scalar">32 bytes, clamped at use.</param>
    /// <param name="point">32 bytes, any.</param>
    internal void Add(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point)
    {
        scalar.CopyTo(Slot(_scalars, _count));
        point.CopyTo(Slot(_points, _count));
        _count++;
    }

    /// <summary>Computes the products of all that was added.</summary>
    internal void Compute()
    {
        int length = _count * X25519.KeyLength;
        X25519.Multiply(((ReadOnlySpan<byte>)_scalars)[..length], ((ReadOnlySpan<byte>)_points)[..length], ((Span<byte>)_products)[..length]);
    }

    /// <summary>The product of the multiplication that was added as number <paramref name="index"/>; all zeros for a point of low order.</summary>
    [UnscopedRef]
    internal readonly ReadOnlySpan<byte> this[int index] => ((ReadOnlySpan<byte>)_products).Slice(index * X25519.KeyLength, X25519.KeyLength);

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        SecretMemory.Zero(_scalars);
        SecretMemory.Zero(_points);
        SecretMemory.Zero(_products);
        _count = 0;
    }

    private static Span<byte> Slot(Span<byte> keys, int index) => keys.Slice(index * X25519.KeyLength, X25519.KeyLength);
}
