using System.Security.Cryptography;

namespace Chasqui.Core.Keys;

/// <summary>A symmetric key shared by two peers, mixed into the handshake. All zeros means "none".</summary>
/// <remarks>
/// Ownership: the object owns pinned memory and zeroes it in <see cref="Dispose"/>; <see cref="ToString"/> never shows it.
/// Source: whitepaper section 5.2 (the psk2 modifier).
/// </remarks>
public sealed class PresharedKey : IDisposable
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = ProtocolConstants.KeyLength;

    private readonly byte[] _key;

    /// <summary>Copies a key.</summary>
    /// <param name="key">32 bytes; the caller zeroes its own copy.</param>
    public PresharedKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Length);
        _key = SecretMemory.Copy(key);
    }

    /// <summary>The 32 bytes; valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> DangerousSpan => _key;

    /// <summary>Whether the key is all zeros: no preshared key.</summary>
    public bool IsZero => SecretMemory.IsZero(_key);

    /// <summary>Whether two keys are equal, in constant time.</summary>
    public bool FixedTimeEquals(PresharedKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CryptographicOperations.FixedTimeEquals(_key, other._key);
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => SecretMemory.Zero(_key);

    /// <summary>Never the key.</summary>
    public override string ToString() => "(preshared key)";
}
