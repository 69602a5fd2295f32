using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.DoS;

/// <summary>The two keys that follow from a responder's public key. They are no secrets: whoever knows the key knows them.</summary>
/// <remarks>Source: whitepaper §5.4.4 (mac1) and §5.4.7 (cookie).</remarks>
internal static class MacKeys
{
    private static ReadOnlySpan<byte> Mac1Label => "mac1----"u8;

    private static ReadOnlySpan<byte> CookieLabel => "cookie--"u8;

    /// <summary>HASH(Label-Mac1 || S): the key of mac1.</summary>
    internal static void WriteMac1Key(in PublicKey responder, Span<byte> key32) =>
        Blake2s.Hash(Mac1Label, responder.AsSpan(), key32);

    /// <summary>HASH(Label-Cookie || S): the key that seals cookies.</summary>
    internal static void WriteCookieKey(in PublicKey responder, Span<byte> key32) =>
        Blake2s.Hash(CookieLabel, responder.AsSpan(), key32);
}
