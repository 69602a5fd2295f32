using System.Security.Cryptography;

namespace Chasqui.Core.Keys;

/// <summary>A Curve25519 private key, clamped when it is set. All zeros means "none".</summary>
/// <remarks>
/// Ownership: the object owns pinned memory and zeroes it in <see cref="Dispose"/>; <see cref="ToString"/> never shows it.
/// Source: RFC 7748 section 5 (clamping); the kernel clamps on set, so that <c>wg show</c> prints the clamped key.
/// </remarks>
public sealed class PrivateKey : IDisposable
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = ProtocolConstants.KeyLength;

    private readonly byte[] _key;

    /// <summary>Copies a key and clamps it, unless it is all zeros.</summary>
    /// <param name="key">32 bytes; the caller zeroes its own copy.</param>
    public PrivateKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Length);
        _key = SecretMemory.Copy(key);
        if (!IsZero)
        {
            Clamp(_key);
        }
    }

    /// <summary>The 32 bytes; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> DangerousSpan => _key;

    /// <summary>Whether the key is all zeros: no private key.</summary>
    public bool IsZero => SecretMemory.IsZero(_key);

    /// <summary>Makes a new key.</summary>
    public static PrivateKey Generate(IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        Span<byte> key = stackalloc byte[Length];
        entropy.Fill(key);
        try
        {
            return new PrivateKey(key);
        }
        finally
        {
            SecretMemory.Zero(key);
        }
    }

    /// <summary>Whether two keys are equal, in constant time.</summary>
    public bool FixedTimeEquals(PrivateKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(_key, other._key);
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => SecretMemory.Zero(_key);

    /// <summary>Never the key.</summary>
    public override string ToString() => "(private key)";

    /// <summary>Clears and sets the bits that RFC 7748 section 5 names.</summary>
    internal static void Clamp(Span<byte> key)
    {
        key[0] &= 248;
        key[31] = (byte)((key[31] & 127) | 64);
    }
}
