using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.DoS;

/// <summary>Our side of the cookies: checks the macs of handshake messages, and makes cookies without remembering anyone.</summary>
/// <remarks>
/// A cookie is a mac over the sender's address and port under a secret that lives two minutes, so only whoever receives
/// at that address and port can hold it. Threads: one at a time, but for <see cref="Mac1Check"/>. Source: whitepaper §5.3, §5.4.4, §5.4.7; the kernel's
/// cookie_checker.
/// </remarks>
internal sealed class CookieChecker : IDisposable
{
    private const int MacLength = ProtocolConstants.MacLength;
    private const int MaxSourceLength = 16 + sizeof(ushort);
    private const int NoncesAtOnce = 64;

    private readonly HandshakeLimiter _limiter;
    private readonly byte[] _cookieKey = new byte[ProtocolConstants.KeyLength];
    private readonly byte[] _secret = SecretMemory.Allocate(ProtocolConstants.KeyLength);

    // Nonces travel in the open, so that some may be drawn ahead: under attack the generator's overhead would be a tenth of a reply's cost.
    private readonly byte[] _nonces = new byte[NoncesAtOnce * ProtocolConstants.CookieNonceLength];

    // The cookie that the last check has computed, of the source that is asked for it next.
    private readonly byte[] _checkedCookie = SecretMemory.Allocate(MacLength);
    private IpEndpoint? _checkedSource;
    private int _noncesLeft;
    private Instant? _secretBirth;
    private volatile Mac1Check _mac1;

    /// <summary>Makes a checker for a device.</summary>
    /// <param name="publicKey">The device's public key; all zeros for none.</param>
    /// <param name="limiter">Asked once a sender has proved its address; several devices may share it.</param>
    internal CookieChecker(in PublicKey publicKey, HandshakeLimiter limiter)
    {
        _limiter = limiter;
        SetPublicKey(in publicKey);
    }

    /// <summary>The first check alone; any thread may take it.</summary>
    internal Mac1Check Mac1Check => _mac1;

    /// <summary>Takes the device's new public key; with all zeros no message has a valid mac.</summary>
    [MemberNotNull(nameof(_mac1))]
    internal void SetPublicKey(in PublicKey publicKey)
    {
        _mac1 = new Mac1Check(in publicKey);
        MacKeys.WriteCookieKey(in publicKey, _cookieKey);
    }

    /// <summary>Checks mac1, and mac2 and the limiter too if the device is under load.</summary>
    /// <param name="message">A whole initiation or response: the macs are its last 32 bytes.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="now">The time.</param>
    /// <param name="checkCookie">Whether the device is under load; if not, the answer is never "with cookie".</param>
    /// <param name="entropy">For the secret, when its time has come.</param>
    internal MacState Check(ReadOnlySpan<byte> message, IpEndpoint source, Instant now, bool checkCookie, IEntropy entropy)
    {
        _checkedSource = null;
        if (!_mac1.HasKey || !_mac1.IsRight(message))
        {
            return MacState.InvalidMac;
        }

        if (!checkCookie)
        {
            _limiter.Collect(now); // the load is over: its table is given back
            return MacState.ValidMacNoCookie;
        }

        Span<byte> mac = stackalloc byte[MacLength], cookie = stackalloc byte[MacLength];
        WriteCookie(source, now, entropy, cookie);
        Blake2s.Mac(cookie, message[..^MacLength], mac);
        bool isCookieRight = CryptographicOperations.FixedTimeEquals(mac, message[^MacLength..]);
        if (!isCookieRight)
        {
            cookie.CopyTo(_checkedCookie);
            _checkedSource = source;
        }

        SecretMemory.Zero(cookie);
        SecretMemory.Zero(mac);
        if (!isCookieRight)
        {
            return MacState.ValidMacNoCookie;
        }

        return _limiter.TryTake(now, source.Address) ? MacState.ValidMacWithCookie : MacState.ValidMacWithCookieButRateLimited;
    }

    /// <summary>Answers a handshake message with the cookie of its source, sealed so that only who sent it can read it.</summary>
    /// <param name="message">A whole initiation or response whose mac1 has been checked.</param>
    /// <param name="source">Where it came from, and where the reply goes.</param>
    /// <param name="now">The time.</param>
    /// <param name="entropy">For the nonce, and for the secret when its time has come.</param>
    /// <param name="destination">64 bytes.</param>
    internal void WriteCookieReply(
        ReadOnlySpan<byte> message, IpEndpoint source, Instant now, IEntropy entropy, Span<byte> destination)
    {
        if (_checkedSource != source)
        {
            WriteCookie(source, now, entropy, _checkedCookie);
        }

        // Both messages carry their sender's index behind the type.
        CookieReplyView reply = CookieReplyView.Begin(destination, Datagram.ReadIndex(message[Datagram.TypeLength..]));
        TakeNonce(entropy, reply.Nonce);
        XChaCha20Poly1305.Seal(_cookieKey, reply.Nonce, Mac1Check.Of(message), _checkedCookie, reply.SealedCookie);
        SecretMemory.Zero(_checkedCookie);
        _checkedSource = null;
    }

    /// <summary>Zeroes the secret, and a cookie that nobody has asked for.</summary>
    public void Dispose()
    {
        SecretMemory.Zero(_secret);
        SecretMemory.Zero(_checkedCookie);
    }

    private void TakeNonce(IEntropy entropy, Span<byte> nonce)
    {
        if (_noncesLeft == 0)
        {
            entropy.Fill(_nonces);
            _noncesLeft = NoncesAtOnce;
        }

        _nonces.AsSpan(--_noncesLeft * nonce.Length, nonce.Length).CopyTo(nonce);
    }

    private void WriteCookie(IpEndpoint source, Instant now, IEntropy entropy, Span<byte> cookie)
    {
        if (_secretBirth is not { } birth || now >= birth + ProtocolConstants.CookieSecretLife)
        {
            _secretBirth = now;
            entropy.Fill(_secret);
        }

        Span<byte> input = stackalloc byte[MaxSourceLength];
        int length = source.Address.WriteBytes(input);
        BinaryPrimitives.WriteUInt16BigEndian(input[length..], source.Port);
        Blake2s.Mac(_secret, input[..(length + sizeof(ushort))], cookie);
    }
}
