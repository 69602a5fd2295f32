using Chasqui.Core.Crypto;

namespace Chasqui.CryptoChoice;

/// <summary>What ships: Chasqui.Core.Crypto.</summary>
internal static class Candidate
{
    internal const string Name = "Chasqui.Core.Crypto";

    private static readonly byte[] Output = new byte[32];
    private static readonly byte[] Sealed = new byte[48];
    private static readonly byte[] Forged = new byte[48];
    private static readonly byte[] SealedCookie = new byte[32];

    internal static (string Name, Action Run)[] Operations() =>
    [
        ("X25519 agree", () => X25519.TryAgree(Inputs.Private, Inputs.Public, Output)),
        ("X25519 derive public", () => X25519.DerivePublicKey(Inputs.Private, Output)),
        ("BLAKE2s hash 32+32", () => Blake2s.Hash(Inputs.AssociatedData, Inputs.Key, Output)),
        ("BLAKE2s mac1 of an initiation (116)", () => Blake2s.Mac(Inputs.Key, Inputs.Initiation, Output.AsSpan(0, 16))),
        ("KDF2 of 32", () => Kdf.Derive2(Inputs.Key, Inputs.Plaintext, Output, Sealed.AsSpan(0, 32))),
        ("ChaCha20-Poly1305 seal 32 + ad 32", () => HandshakeAead.Seal(Inputs.Key, 0, Inputs.AssociatedData, Inputs.Plaintext, Sealed)),
        ("ChaCha20-Poly1305 open 32 + ad 32", () => HandshakeAead.TryOpen(Inputs.Key, 0, Inputs.AssociatedData, Sealed, Output)),
        ("ChaCha20-Poly1305 refuse", () => HandshakeAead.TryOpen(Inputs.Key, 0, Inputs.AssociatedData, Forged, Output)),
        ("XChaCha20-Poly1305 seal 16 + ad 16", SealCookie),
        ("XChaCha20-Poly1305 open 16 + ad 16", OpenCookie),
    ];

    private static void SealCookie() =>
        XChaCha20Poly1305.Seal(Inputs.Key, Inputs.CookieNonce, Inputs.AssociatedData.AsSpan(0, 16), Inputs.Cookie, SealedCookie);

    private static void OpenCookie() =>
        XChaCha20Poly1305.TryOpen(Inputs.Key, Inputs.CookieNonce, Inputs.AssociatedData.AsSpan(0, 16), SealedCookie, Output.AsSpan(0, 16));
}
