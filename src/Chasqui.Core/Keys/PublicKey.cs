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

    private static readonly string[] LowOrderPoints =
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "E0EB7A7C3B41B8AE1656E3FAF19FC46ADA098DEB9C32B1FD866205165F49B800",
        "5F9C95BCA3508C24B1D0B1559C83EF5B04445CC4581C8E86D8224EDDD09F1157",
        "ECFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F",
        "EDFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F",
        "EEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF7F",
    ];

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

    /// <summary>Whether the key is a point of low order, with which every agreement ends in zeros.</summary>
    /// <remarks>Source: RFC 7748 section 6.1; the seven numbers below 2^255 whose points have an order of 1, 2, 4 or 8.</remarks>
    internal readonly bool IsLowOrder
    {
        get
        {
            PublicKey masked = this;
            masked[Length - 1] &= 127; // X25519 does not look at the highest bit
            return Array.IndexOf(LowOrderPoints, Convert.ToHexString(masked.AsSpan())) >= 0;
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(PublicKey other) => CryptographicOperations.FixedTimeEquals(AsSpan(), other.AsSpan());

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PublicKey other && Equals(other);

    /// <summary>Not keyed: a table of keys that strangers choose uses <c>SipHash</c> instead.</summary>
    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(AsSpan());

    /// <summary>The key in base64, 44 characters.</summary>
    public override readonly string ToString() => KeyText.ToBase64(AsSpan());

    /// <summary>The key's two ends, for messages: <c>peer(xTIB…p8Dg)</c>.</summary>
    public readonly string ToShortString() => $"peer({Abbreviate()})";

    /// <summary>The key's two ends alone, as the kernel's messages abbreviate it: <c>xTIB…p8Dg</c>.</summary>
    public readonly string Abbreviate()
    {
        string key = ToString();
        return $"{key[..4]}…{key[39..43]}"; // without the '=' that all keys end with
    }

    /// <summary>What a person calls the key's owner: its name among <paramref name="names"/>, else the key's two ends.</summary>
    public readonly string NameIn(IReadOnlyDictionary<PublicKey, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.TryGetValue(this, out string? name) && name.Length > 0 ? name : Abbreviate();
    }

    /// <summary>Whether two keys are equal.</summary>
    public static bool operator ==(PublicKey left, PublicKey right) => left.Equals(right);

    /// <summary>Whether two keys differ.</summary>
    public static bool operator !=(PublicKey left, PublicKey right) => !left.Equals(right);
}
