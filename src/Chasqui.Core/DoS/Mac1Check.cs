using System.Security.Cryptography;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.DoS;

/// <summary>Whether handshake messages were made by somebody who knows a device's public key: what mac1 proves.</summary>
/// <remarks>Never changes, so that any thread may ask. Source: whitepaper §5.3, §5.4.4.</remarks>
internal sealed class Mac1Check
{
    private const int MacLength = ProtocolConstants.MacLength;
    private const int MacsLength = 2 * MacLength;

    private readonly byte[] _key = new byte[ProtocolConstants.KeyLength];

    /// <summary>Makes the check for a device.</summary>
    /// <param name="publicKey">The device's public key; all zeros for none.</param>
    internal Mac1Check(in PublicKey publicKey)
    {
        HasKey = !publicKey.IsZero;
        MacKeys.WriteMac1Key(in publicKey, _key);
    }

    /// <summary>Whether the device has a key; if not, nothing is meant for it.</summary>
    internal bool HasKey { get; }

    /// <summary>The mac1 of a whole initiation or response: the macs are its last 32 bytes.</summary>
    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message) => message[^MacsLength..^MacLength];

    /// <summary>Whether a whole initiation or response has the mac1 that the key asks for.</summary>
    internal bool IsRight(ReadOnlySpan<byte> message)
    {
        Span<byte> mac = stackalloc byte[MacLength];
        Blake2s.Mac(_key, message[..^MacsLength], mac);
        return CryptographicOperations.FixedTimeEquals(mac, Of(message));
    }
}
