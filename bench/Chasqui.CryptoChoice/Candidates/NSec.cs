using NSec.Cryptography;

namespace Chasqui.CryptoChoice;

/// <summary>NSec.Cryptography over libsodium. It has no BLAKE2s.</summary>
internal static class Candidate
{
    internal const string Name = "NSec.Cryptography (libsodium); no BLAKE2s";

    private static readonly X25519 Curve = KeyAgreementAlgorithm.X25519;
    private static readonly AeadAlgorithm Aead = AeadAlgorithm.ChaCha20Poly1305;
    private static readonly AeadAlgorithm XAead = AeadAlgorithm.XChaCha20Poly1305;

    private static readonly byte[] Output = new byte[32];
    private static readonly byte[] Sealed = new byte[48];
    private static readonly byte[] Forged = new byte[48];
    private static readonly byte[] SealedCookie = new byte[32];

    internal static (string Name, Action Run)[] Operations()
    {
        Key held = Key.Import(Curve, Inputs.Private, KeyBlobFormat.RawPrivateKey);
        Key heldAead = Key.Import(Aead, Inputs.Key, KeyBlobFormat.RawSymmetricKey);
        return
        [
            ("X25519 agree, private key held", () => Agree(held)),
            ("X25519 agree, private key imported", AgreeImported),
            ("X25519 derive public", DerivePublic),
            ("ChaCha20-Poly1305 seal 32 + ad 32, key held", () => Aead.Encrypt(heldAead, Inputs.Nonce, Inputs.AssociatedData, Inputs.Plaintext, Sealed)),
            ("ChaCha20-Poly1305 seal 32 + ad 32", () => Seal(Aead, Inputs.Nonce, Inputs.Plaintext, Sealed)),
            ("ChaCha20-Poly1305 open 32 + ad 32", () => Open(Aead, Inputs.Nonce, Sealed)),
            ("ChaCha20-Poly1305 refuse", () => Open(Aead, Inputs.Nonce, Forged)),
            ("XChaCha20-Poly1305 seal 16 + ad 16", () => Seal(XAead, Inputs.CookieNonce, Inputs.Cookie, SealedCookie)),
            ("XChaCha20-Poly1305 open 16 + ad 16", () => Open(XAead, Inputs.CookieNonce, SealedCookie)),
        ];
    }

    private static void Agree(Key key)
    {
        PublicKey other = PublicKey.Import(Curve, Inputs.Public, KeyBlobFormat.RawPublicKey);
        var exportable = new SharedSecretCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using SharedSecret? secret = Curve.Agree(key, other, exportable);
        secret?.TryExport(SharedSecretBlobFormat.RawSharedSecret, Output, out _);
    }

    private static void AgreeImported()
    {
        using Key key = Key.Import(Curve, Inputs.Private, KeyBlobFormat.RawPrivateKey);
        Agree(key);
    }

    private static void DerivePublic()
    {
        using Key key = Key.Import(Curve, Inputs.Private, KeyBlobFormat.RawPrivateKey);
        key.PublicKey.TryExport(KeyBlobFormat.RawPublicKey, Output, out _);
    }

    private static void Seal(AeadAlgorithm aead, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        using Key key = Key.Import(aead, Inputs.Key, KeyBlobFormat.RawSymmetricKey);
        aead.Encrypt(key, nonce, Inputs.AssociatedData.AsSpan(0, plaintext.Length), plaintext, output);
    }

    private static void Open(AeadAlgorithm aead, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input)
    {
        using Key key = Key.Import(aead, Inputs.Key, KeyBlobFormat.RawSymmetricKey);
        int length = input.Length - 16;
        aead.Decrypt(key, nonce, Inputs.AssociatedData.AsSpan(0, length), input, Output.AsSpan(0, length));
    }
}
