using System.Runtime.InteropServices;

namespace Chasqui.Benchmarks.Interop;

/// <summary>OpenSSL's EVP functions, in C's words. Source: EVP_EncryptInit(3).</summary>
/// <remarks>
/// Without the collector's transition, which costs more than some of these functions and which no call of a microsecond needs: the
/// competitor is given every advantage.
/// </remarks>
internal static unsafe partial class LibCrypto
{
    internal const int EVP_CTRL_AEAD_GET_TAG = 0x10;
    internal const int EVP_CTRL_AEAD_SET_TAG = 0x11;

    private const string Name = "libcrypto.so.3";

    /// <summary>Whether the machine has the library.</summary>
    internal static bool IsThere { get; } = NativeLibrary.TryLoad(Name, out _);

    [LibraryImport(Name)]
    internal static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Name)]
    internal static partial nint EVP_chacha20_poly1305();

    [LibraryImport(Name)]
    [SuppressGCTransition]
    internal static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* iv, int encrypt);

    [LibraryImport(Name)]
    [SuppressGCTransition]
    internal static partial int EVP_CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int inputLength);

    [LibraryImport(Name)]
    [SuppressGCTransition]
    internal static partial int EVP_CipherFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(Name)]
    [SuppressGCTransition]
    internal static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, void* pointer);
}
