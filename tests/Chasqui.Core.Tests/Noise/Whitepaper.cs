using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace Chasqui.Core.Tests.Noise;

/// <summary>The handshake written down from the whitepaper's section 5.4, line by line and with another library's primitives.</summary>
/// <remarks>Slow, wasteful and plain on purpose: nothing of what it checks is used, and the formulas can be read beside the paper.</remarks>
internal static class Whitepaper
{
    private static readonly byte[] Epsilon = [];

    /// <summary>§5.4.2: message 1 with mac1 and a zero mac2, and C_i, H_i after it.</summary>
    internal static (byte[] Message, byte[] C, byte[] H) Initiation(
        byte[] staticPrivate, byte[] ephemeralPrivate, byte[] responder, byte[] timestamp, uint sender)
    {
        byte[] c = Hash([.. "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8]);
        byte[] h = Hash([.. c, .. "WireGuard v1 zx2c4 Jason@zx2c4.com"u8]);
        h = Hash([.. h, .. responder]);
        byte[] ephemeral = Public(ephemeralPrivate);
        c = Kdf(1, c, ephemeral)[0];
        h = Hash([.. h, .. ephemeral]);
        byte[][] derived = Kdf(2, c, Dh(ephemeralPrivate, responder));
        byte[] sealedStatic = Aead(derived[1], 0, Public(staticPrivate), h);
        h = Hash([.. h, .. sealedStatic]);
        derived = Kdf(2, derived[0], Dh(staticPrivate, responder));
        byte[] sealedTimestamp = Aead(derived[1], 0, timestamp, h);
        h = Hash([.. h, .. sealedTimestamp]);
        byte[] covered = [1, 0, 0, 0, .. LittleEndian(sender), .. ephemeral, .. sealedStatic, .. sealedTimestamp];
        return ([.. covered, .. Mac1(covered, responder), .. new byte[16]], derived[0], h);
    }

    /// <summary>§5.4.2, the responder's side; throws if anything does not authenticate.</summary>
    internal static (byte[] Initiator, byte[] Timestamp, byte[] C, byte[] H) ReadInitiation(byte[] message, byte[] staticPrivate)
    {
        byte[] ephemeral = message[8..40], sealedStatic = message[40..88], sealedTimestamp = message[88..116];
        byte[] c = Hash([.. "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"u8]);
        byte[] h = Hash([.. Hash([.. c, .. "WireGuard v1 zx2c4 Jason@zx2c4.com"u8]), .. Public(staticPrivate)]);
        c = Kdf(1, c, ephemeral)[0];
        h = Hash([.. h, .. ephemeral]);
        byte[][] derived = Kdf(2, c, Dh(staticPrivate, ephemeral));
        byte[] initiator = OpenAead(derived[1], 0, sealedStatic, h);
        h = Hash([.. h, .. sealedStatic]);
        derived = Kdf(2, derived[0], Dh(staticPrivate, initiator));
        byte[] timestamp = OpenAead(derived[1], 0, sealedTimestamp, h);
        Assert.Equal(Mac1(message[..116], Public(staticPrivate)), message[116..132]);
        return (initiator, timestamp, derived[0], Hash([.. h, .. sealedTimestamp]));
    }

    /// <summary>§5.4.3: message 2, and C_r after it.</summary>
    internal static (byte[] Message, byte[] C) Response(
        byte[] c, byte[] h, byte[] initiation, byte[] initiator, byte[] ephemeralPrivate, byte[] presharedKey, uint sender)
    {
        byte[] ephemeral = Public(ephemeralPrivate);
        c = Kdf(1, c, ephemeral)[0];
        h = Hash([.. h, .. ephemeral]);
        c = Kdf(1, c, Dh(ephemeralPrivate, initiation[8..40]))[0];
        c = Kdf(1, c, Dh(ephemeralPrivate, initiator))[0];
        byte[][] derived = Kdf(3, c, presharedKey);
        h = Hash([.. h, .. derived[1]]);
        byte[] sealedNothing = Aead(derived[2], 0, Epsilon, h);
        byte[] covered = [2, 0, 0, 0, .. LittleEndian(sender), .. initiation[4..8], .. ephemeral, .. sealedNothing];
        return ([.. covered, .. Mac1(covered, initiator), .. new byte[16]], derived[0]);
    }

    /// <summary>§5.4.3, the initiator's side: C_i after it; throws if it does not authenticate.</summary>
    internal static byte[] ReadResponse(
        byte[] message, byte[] c, byte[] h, byte[] staticPrivate, byte[] ephemeralPrivate, byte[] presharedKey)
    {
        byte[] ephemeral = message[12..44];
        c = Kdf(1, c, ephemeral)[0];
        h = Hash([.. h, .. ephemeral]);
        c = Kdf(1, c, Dh(ephemeralPrivate, ephemeral))[0];
        c = Kdf(1, c, Dh(staticPrivate, ephemeral))[0];
        byte[][] derived = Kdf(3, c, presharedKey);
        Assert.Empty(OpenAead(derived[2], 0, message[44..60], Hash([.. h, .. derived[1]])));
        Assert.Equal(Mac1(message[..60], Public(staticPrivate)), message[60..76]);
        return derived[0];
    }

    /// <summary>§5.4.5: T_send of the initiator, and T_recv.</summary>
    internal static (byte[] Sending, byte[] Receiving) TransportKeys(byte[] c)
    {
        byte[][] keys = Kdf(2, c, Epsilon);
        return (keys[0], keys[1]);
    }

    /// <summary>§5.4.6: a data message.</summary>
    internal static byte[] Data(byte[] key, uint receiver, ulong counter, byte[] paddedPacket)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, counter);
        return [4, 0, 0, 0, .. LittleEndian(receiver), .. number, .. Aead(key, counter, paddedPacket, Epsilon)];
    }

    /// <summary>Throws if the tag is wrong.</summary>
    internal static byte[] OpenAead(byte[] key, ulong counter, byte[] ciphertext, byte[] associatedData) =>
        RunAead(forEncryption: false, key, counter, ciphertext, associatedData);

    internal static byte[] Public(byte[] privateKey)
    {
        byte[] result = new byte[32];
        X25519.ScalarMultBase(privateKey, 0, result, 0);
        return result;
    }

    private static byte[] Aead(byte[] key, ulong counter, byte[] plaintext, byte[] associatedData) =>
        RunAead(forEncryption: true, key, counter, plaintext, associatedData);

    private static byte[] RunAead(bool forEncryption, byte[] key, ulong counter, byte[] text, byte[] associatedData)
    {
        byte[] nonce = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce.AsSpan(4), counter);
        var aead = new ChaCha20Poly1305();
        aead.Init(forEncryption, new AeadParameters(new KeyParameter(key), 128, nonce, associatedData));
        byte[] result = new byte[aead.GetOutputSize(text.Length)];
        int length = aead.ProcessBytes(text, 0, text.Length, result, 0);
        length += aead.DoFinal(result, length);
        return result[..length];
    }

    private static byte[] Dh(byte[] privateKey, byte[] publicKey)
    {
        byte[] result = new byte[32];
        X25519.ScalarMult(privateKey, 0, publicKey, 0, result, 0);
        return result;
    }

    /// <summary>§5.4: Mac(Hash("mac1----" || S_pub), everything before).</summary>
    private static byte[] Mac1(byte[] covered, byte[] receiver)
    {
        var mac = new Blake2sDigest(Hash([.. "mac1----"u8, .. receiver]), 16, null, null);
        mac.BlockUpdate(covered, 0, covered.Length);
        byte[] result = new byte[16];
        mac.DoFinal(result, 0);
        return result;
    }

    private static byte[] Hash(byte[] input)
    {
        var hash = new Blake2sDigest(256);
        hash.BlockUpdate(input, 0, input.Length);
        byte[] result = new byte[32];
        hash.DoFinal(result, 0);
        return result;
    }

    private static byte[] Hmac(byte[] key, byte[] input)
    {
        var mac = new HMac(new Blake2sDigest(256));
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(input, 0, input.Length);
        byte[] result = new byte[32];
        mac.DoFinal(result, 0);
        return result;
    }

    /// <summary>§5.4: τ_0 := Hmac(key, input), τ_1 := Hmac(τ_0, 0x1), τ_i := Hmac(τ_0, τ_(i-1) || i).</summary>
    private static byte[][] Kdf(int n, byte[] key, byte[] input)
    {
        byte[] extracted = Hmac(key, input);
        byte[][] outputs = new byte[n][];
        byte[] last = [];
        for (int i = 0; i < n; i++)
        {
            outputs[i] = last = Hmac(extracted, [.. last, (byte)(i + 1)]);
        }

        return outputs;
    }

    private static byte[] LittleEndian(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
