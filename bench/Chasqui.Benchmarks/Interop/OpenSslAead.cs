using System.Buffers.Binary;
using Chasqui.Core;

namespace Chasqui.Benchmarks.Interop;

/// <summary>ChaCha20-Poly1305 through OpenSSL's EVP, in place; contexts and key schedule are made once.</summary>
internal sealed unsafe class OpenSslAead
{
    private const int NonceLength = 12;

    private readonly nint _sealing;
    private readonly nint _opening;

    /// <summary>Sets the key.</summary>
    /// <exception cref="DllNotFoundException">There is no libcrypto.so.3.</exception>
    internal OpenSslAead(ReadOnlySpan<byte> key)
    {
        _sealing = NewContext(key, encrypt: 1);
        _opening = NewContext(key, encrypt: 0);
    }

    /// <summary>As PacketAead.Seal.</summary>
    internal void Seal(Span<byte> buffer, ReadOnlySpan<PacketSlot> packets)
    {
        byte* nonce = stackalloc byte[NonceLength];
        foreach (ref readonly PacketSlot packet in packets)
        {
            fixed (byte* text = buffer.Slice(packet.Offset, packet.Length + ProtocolConstants.TagLength))
            {
                WriteNonce(packet.Counter, nonce);
                int length;
                _ = LibCrypto.EVP_CipherInit_ex(_sealing, 0, 0, null, nonce, -1);
                _ = LibCrypto.EVP_CipherUpdate(_sealing, text, &length, text, packet.Length);
                _ = LibCrypto.EVP_CipherFinal_ex(_sealing, text + length, &length);
                _ = LibCrypto.EVP_CIPHER_CTX_ctrl(_sealing, LibCrypto.EVP_CTRL_AEAD_GET_TAG, ProtocolConstants.TagLength, text + packet.Length);
            }
        }
    }

    /// <summary>As PacketAead.Open, but that a forged packet throws: nobody forges here.</summary>
    internal void Open(Span<byte> buffer, ReadOnlySpan<PacketSlot> packets)
    {
        byte* nonce = stackalloc byte[NonceLength];
        foreach (ref readonly PacketSlot packet in packets)
        {
            fixed (byte* text = buffer.Slice(packet.Offset, packet.Length + ProtocolConstants.TagLength))
            {
                WriteNonce(packet.Counter, nonce);
                int length;
                _ = LibCrypto.EVP_CipherInit_ex(_opening, 0, 0, null, nonce, -1);
                _ = LibCrypto.EVP_CIPHER_CTX_ctrl(_opening, LibCrypto.EVP_CTRL_AEAD_SET_TAG, ProtocolConstants.TagLength, text + packet.Length);
                _ = LibCrypto.EVP_CipherUpdate(_opening, text, &length, text, packet.Length);
                Check(LibCrypto.EVP_CipherFinal_ex(_opening, text + length, &length));
            }
        }
    }

    private static nint NewContext(ReadOnlySpan<byte> key, int encrypt)
    {
        nint context = LibCrypto.EVP_CIPHER_CTX_new();
        fixed (byte* bytes = key)
        {
            Check(LibCrypto.EVP_CipherInit_ex(context, LibCrypto.EVP_chacha20_poly1305(), 0, bytes, null, encrypt));
        }

        return context;
    }

    private static void WriteNonce(ulong counter, byte* nonce)
    {
        *(uint*)nonce = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(nonce + 4, sizeof(ulong)), counter);
    }

    private static void Check(int result)
    {
        if (result != 1) throw new InvalidOperationException("libcrypto refused.");
    }
}
