using System.Runtime.CompilerServices;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.DoS;

/// <summary>A peer's side of the cookies as we see it: puts macs on what we send it, and keeps the cookie it gave us.</summary>
/// <remarks>
/// The keys follow from the peer's public key by one short hash and are computed when needed; only a peer that is under
/// load costs more than this object's 90 bytes. Threads: one at a time. Source: whitepaper §5.4.4, §5.4.7; the kernel's
/// struct cookie.
/// </remarks>
internal sealed class CookieJar : IDisposable
{
    private const int MacLength = ProtocolConstants.MacLength;
    private const int MacsLength = 2 * MacLength;

    private readonly PublicKey _peer;
    private byte[]? _cookie;
    private Instant _cookieBirth;
    private LastMac1 _lastMac1;

    internal CookieJar(in PublicKey peer) => _peer = peer;

    /// <summary>Whether a cookie reply can be authentic: a mac1 was sent and none has answered it yet.</summary>
    internal bool AwaitsReply { get; private set; }

    /// <summary>Whether a cookie young enough to be used is held.</summary>
    internal bool HasCookie(Instant now) =>
        _cookie is not null && now < _cookieBirth + (ProtocolConstants.CookieSecretLife - ProtocolConstants.CookieSecretLatency);

    /// <summary>Fills the last 32 bytes of a handshake message: mac1, and mac2 if a cookie is held (zeros if not).</summary>
    /// <param name="message">A whole initiation or response.</param>
    /// <param name="now">The time.</param>
    internal void AddMacs(Span<byte> message, Instant now)
    {
        Span<byte> key = stackalloc byte[ProtocolConstants.KeyLength];
        MacKeys.WriteMac1Key(in _peer, key);
        Span<byte> mac1 = message[^MacsLength..^MacLength];
        Blake2s.Mac(key, message[..^MacsLength], mac1);
        mac1.CopyTo(_lastMac1);
        AwaitsReply = true;

        Span<byte> mac2 = message[^MacLength..];
        if (HasCookie(now))
        {
            Blake2s.Mac(_cookie, message[..^MacLength], mac2);
        }
        else
        {
            mac2.Clear();
            Forget();
        }
    }

    /// <summary>Takes the cookie from a reply to the last message.</summary>
    /// <returns>
    /// <see langword="false"/> if the reply answers nothing (<see cref="DropReason.NoMatchingHandshake"/>:
    /// <see cref="AwaitsReply"/> was false) or is not authentic (<see cref="DropReason.InvalidCookieReply"/>); then nothing changes.
    /// </returns>
    internal bool TryConsume(CookieReplyView reply, Instant now)
    {
        if (!AwaitsReply)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[ProtocolConstants.KeyLength];
        Span<byte> cookie = stackalloc byte[MacLength];
        MacKeys.WriteCookieKey(in _peer, key);
        if (!XChaCha20Poly1305.TryOpen(key, reply.Nonce, _lastMac1, reply.SealedCookie, cookie))
        {
            return false;
        }

        _cookie ??= SecretMemory.Allocate(MacLength);
        cookie.CopyTo(_cookie);
        SecretMemory.Zero(cookie);
        _cookieBirth = now;
        AwaitsReply = false;
        return true;
    }

    /// <summary>Zeroes the cookie.</summary>
    public void Dispose() => Forget();

    private void Forget()
    {
        SecretMemory.Zero(_cookie);
        _cookie = null;
    }

    [InlineArray(MacLength)]
    private struct LastMac1
    {
        private byte _first;
    }
}
