using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Chasqui.CryptoChoice;

/// <summary>BouncyCastle.Cryptography, called through its cheapest public doors.</summary>
internal static class Candidate
{
    internal const string Name = "BouncyCastle.Cryptography";

    private static readonly byte[] BasePoint = [9, .. new byte[31]];
    private static readonly byte[] Output = new byte[32];
    private static readonly byte[] Sealed = new byte[48];
    private static readonly byte[] Forged = new byte[48];
    private static readonly byte[] SealedCookie = new byte[32];
    private static readonly Blake2sDigest Reused = new(256);

    internal static (string Name, Action Run)[] Operations() =>
    [
        ("X25519 agree", () => X25519.CalculateAgreement(Inputs.Private, Inputs.Public, Output)),
        ("X25519 derive public (ScalarMultBase)", () => X25519.ScalarMultBase(Inputs.Private, Output)),
        ("X25519 derive public (ScalarMult by 9)", () => X25519.ScalarMult(Inputs.Private, BasePoint, Output)),
        ("BLAKE2s hash 32+32, new digest", () => Hash(new Blake2sDigest(256))),
        ("BLAKE2s hash 32+32, reused digest", () => Hash(Reused)),
        ("BLAKE2s mac1 of an initiation (116)", Mac),
        ("ChaCha20-Poly1305 seal 32 + ad 32", () => Seal(new ChaCha20Poly1305(), Inputs.Nonce, Inputs.Plaintext, Sealed)),
        ("ChaCha20-Poly1305 open 32 + ad 32", () => Open(new ChaCha20Poly1305(), Inputs.Nonce, Sealed)),
        ("ChaCha20-Poly1305 refuse, by exception", () => Open(new ChaCha20Poly1305(), Inputs.Nonce, Forged)),
        ("ChaCha20-Poly1305 refuse, composed", () => RefuseComposed(new ChaCha7539Engine(), Inputs.Nonce, Forged)),
        ("XChaCha20-Poly1305 seal 16 + ad 16", () => Seal(new XChaCha20Poly1305(), Inputs.CookieNonce, Inputs.Cookie, SealedCookie)),
        ("XChaCha20-Poly1305 open 16 + ad 16", () => Open(new XChaCha20Poly1305(), Inputs.CookieNonce, SealedCookie)),
    ];

    private static void Hash(Blake2sDigest digest)
    {
        digest.BlockUpdate(Inputs.AssociatedData.AsSpan());
        digest.BlockUpdate(Inputs.Key.AsSpan());
        digest.DoFinal(Output.AsSpan());
    }

    private static void Mac()
    {
        var digest = new Blake2sDigest(Inputs.Key, 16, null, null);
        digest.BlockUpdate(Inputs.Initiation.AsSpan());
        digest.DoFinal(Output.AsSpan());
        digest.ClearKey();
    }

    private static void Seal(ChaCha20Poly1305 aead, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> output)
    {
        aead.Init(true, new ParametersWithIV(new KeyParameter(Inputs.Key.AsSpan()), nonce));
        aead.ProcessAadBytes(Inputs.AssociatedData.AsSpan(0, plaintext.Length));
        int written = aead.ProcessBytes(plaintext, output);
        aead.DoFinal(output[written..]);
    }

    private static void Open(ChaCha20Poly1305 aead, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input)
    {
        try
        {
            aead.Init(false, new ParametersWithIV(new KeyParameter(Inputs.Key.AsSpan()), nonce));
            aead.ProcessAadBytes(Inputs.AssociatedData.AsSpan(0, input.Length - 16));
            int written = aead.ProcessBytes(input, Output.AsSpan());
            aead.DoFinal(Output.AsSpan(written));
        }
        catch (InvalidCipherTextException)
        {
            // The package's only way to say no.
        }
    }

    /// <summary>RFC 8439 section 2.8 from the package's cipher and authenticator, which needs no exception to say no.</summary>
    private static bool RefuseComposed(ChaCha7539Engine cipher, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> input)
    {
        Span<byte> block = stackalloc byte[64];
        block.Clear();
        cipher.Init(true, new ParametersWithIV(new KeyParameter(Inputs.Key.AsSpan()), nonce));
        cipher.ProcessBytes(block, block);
        var mac = new Poly1305();
        mac.Init(new KeyParameter(block[..32]));
        mac.BlockUpdate(Inputs.AssociatedData.AsSpan());
        mac.BlockUpdate(input[..^16]);
        mac.BlockUpdate(block[..16]);
        mac.DoFinal(block);
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(block[..16], input[^16..]);
    }
}
