using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Chasqui.Core.Keys;

/// <summary>A Curve25519 public key: a peer's name. Not a secret, but compared in constant time as the kernel does.</summary>
/// <remarks>Shape: 32 bytes, little-endian u-coordinate. Source: RFC 7748 section 5; whitepaper section 5.4.</remarks>
[InlineArray(Length)]
public struct PublicKey : IEquatable<PublicKey>
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = ProtocolConstants.KeyLength;

    private byte _first;

    /// <summary>Copies a key.</summary>
    /// <param name="bytes">32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        bytes.CopyTo(this);
    }

    /// <summary>The key's 32 bytes.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> AsSpan() => this;

    /// <summary>Whether the key is all zeros: "no key".</summary>
    public readonly bool IsZero => SecretMemory.IsZero(AsSpan());

    /// <inheritdoc/>
    public readonly bool Equals(PublicKey other) => CryptographicOperations.FixedTimeEquals(AsSpan(), other.AsSpan());

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    /// <summary>Not keyed: a table of keys that strangers choose uses <c>SipHash</c> instead.</summary>
    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(AsSpan());

    /// <summary>The key in base64, 44 characters.</summary>
    public override readonly string ToString() => KeyText.ToBase64(AsSpan());

    /// <summary>Whether two keys are equal.</summary>
    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    /// <summary>Whether two keys differ.</summary>
    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);
}
