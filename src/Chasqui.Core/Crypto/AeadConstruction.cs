using System.Buffers.Binary;
using System.Security.Cryptography;
using Chasqui.Core.Keys;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using PolyMac = Org.BouncyCastle.Crypto.Macs.Poly1305;

namespace Chasqui.Core.Crypto;

/// <summary>RFC 8439's way of making an AEAD of ChaCha20 and Poly1305, for BouncyCastle's engines of either nonce length.</summary>
/// <remarks>
/// The package has this construction too, but refuses a forgery with an exception, and forgeries come from strangers.
/// Ownership: a cipher is used for one message and forgotten. The package's objects keep copies of the key that cannot be zeroed.
/// Source: RFC 8439 section 2.8; draft-irtf-cfrg-xchacha-03 section 2.
/// </remarks>
internal static class AeadConstruction
{
    internal const int KeyLength = ProtocolConstants.KeyLength;
    internal const int TagLength = ProtocolConstants.TagLength;

    private const int OneTimeKeyLength = 32;
    private const int CipherBlockLength = 64;
    private const int MacBlockLength = 16;

    /// <summary>Encrypts and appends the tag.</summary>
    /// <param name="cipher">A new engine.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">As long as the engine wants it.</param>
    /// <param name="associatedData">Any length; must not overlap the output.</param>
    /// <param name="plaintext">Any length; may be the front of the output, else must not overlap it.</param>
    /// <param name="ciphertextAndTag">As long as the plaintext and a tag.</param>
    internal static void Seal(
        ChaCha7539Engine cipher,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext,
        Span<byte> ciphertextAndTag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertextAndTag.Length, plaintext.Length + TagLength);
        PolyMac mac = Start(cipher, key, nonce);
        Span<byte> ciphertext = ciphertextAndTag[..plaintext.Length];
        cipher.ProcessBytes(plaintext, ciphertext);
        ComputeTag(mac, associatedData, ciphertext, ciphertextAndTag[plaintext.Length..]);
    }

    /// <summary>Checks the tag in constant time and then decrypts.</summary>
    /// <param name="cipher">A new engine.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">As long as the engine wants it.</param>
    /// <param name="associatedData">Any length.</param>
    /// <param name="ciphertextAndTag">Any length; less than a tag is a forgery.</param>
    /// <param name="plaintext">A tag shorter than the input; may be the front of the input, else must not overlap it.</param>
    /// <returns>Whether the message is authentic; if not, <paramref name="plaintext"/> is zeroed.</returns>
    internal static bool TryOpen(
        ChaCha7539Engine cipher,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertextAndTag,
        Span<byte> plaintext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plaintext.Length, Math.Max(0, ciphertextAndTag.Length - TagLength));
        if (ciphertextAndTag.Length < TagLength)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[TagLength];
        ReadOnlySpan<byte> ciphertext = ciphertextAndTag[..^TagLength];
        PolyMac mac = Start(cipher, key, nonce);
        ComputeTag(mac, associatedData, ciphertext, expected);
        bool isAuthentic = CryptographicOperations.FixedTimeEquals(expected, ciphertextAndTag[^TagLength..]);
        SecretMemory.Zero(expected);
        if (!isAuthentic)
        {
            plaintext.Clear();
            return false;
        }

        cipher.ProcessBytes(ciphertext, plaintext);
        return true;
    }

    /// <summary>Keys the cipher, spends its block 0 on the authenticator's one-time key and leaves it at block 1 (section 2.6).</summary>
    private static PolyMac Start(ChaCha7539Engine cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
        Span<byte> block = stackalloc byte[CipherBlockLength];
        block.Clear();
        cipher.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), nonce));
        cipher.ProcessBytes(block, block);

        var mac = new PolyMac();
        mac.Init(new KeyParameter(block[..OneTimeKeyLength]));
        SecretMemory.Zero(block);
        return mac;
    }

    private static void ComputeTag(PolyMac mac, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> tag)
    {
        Span<byte> lengths = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(lengths, (ulong)associatedData.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths[sizeof(ulong)..], (ulong)ciphertext.Length);
        UpdatePadded(mac, associatedData);
        UpdatePadded(mac, ciphertext);
        mac.BlockUpdate(lengths);
        mac.DoFinal(tag);
    }

    private static void UpdatePadded(PolyMac mac, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        mac.BlockUpdate(data);
        mac.BlockUpdate(zeros[..(-data.Length & (MacBlockLength - 1))]);
    }
}
