namespace Chasqui.CryptoChoice;

/// <summary>The same bytes for every candidate, in the sizes of the handshake's fields.</summary>
internal static class Inputs
{
    /// <summary>A private key.</summary>
    internal static readonly byte[] Private = Bytes(32, 1);

    /// <summary>Some other party's public key: a point of the curve or its twist, which X25519 treats alike.</summary>
    internal static readonly byte[] Public = Bytes(32, 2);

    /// <summary>A symmetric key.</summary>
    internal static readonly byte[] Key = Bytes(32, 3);

    /// <summary>The running handshake hash.</summary>
    internal static readonly byte[] AssociatedData = Bytes(32, 4);

    /// <summary>The encrypted static key of an initiation before encryption.</summary>
    internal static readonly byte[] Plaintext = Bytes(32, 5);

    /// <summary>The bytes of an initiation before mac1.</summary>
    internal static readonly byte[] Initiation = Bytes(116, 6);

    /// <summary>A cookie before encryption.</summary>
    internal static readonly byte[] Cookie = Bytes(16, 7);

    /// <summary>A 12-byte nonce: counter 0.</summary>
    internal static readonly byte[] Nonce = new byte[12];

    /// <summary>The nonce of a cookie reply.</summary>
    internal static readonly byte[] CookieNonce = Bytes(24, 8);

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
