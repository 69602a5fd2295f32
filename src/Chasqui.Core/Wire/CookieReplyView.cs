namespace Chasqui.Core.Wire;

/// <summary>A cookie reply laid over the caller's bytes.</summary>
/// <remarks>
/// Shape: type(1) reserved(3) receiver(4, LE) nonce(24) sealed cookie(32): 64 bytes. Source: whitepaper §5.4.7.
/// The view borrows the span; it neither copies nor authenticates.
/// </remarks>
public readonly ref struct CookieReplyView
{
    /// <summary>Length of the message in bytes.</summary>
    public const int Length = SealedCookieOffset + SealedCookieLength;

    private const int NonceOffset = 8;
    private const int SealedCookieOffset = NonceOffset + ProtocolConstants.CookieNonceLength;
    private const int SealedCookieLength = ProtocolConstants.MacLength + ProtocolConstants.TagLength;

    private readonly Span<byte> _bytes;

    private CookieReplyView(Span<byte> bytes) => _bytes = bytes;

    /// <summary>The sender index of the handshake message that this answers.</summary>
    public SessionIndex Receiver => Datagram.ReadIndex(_bytes[4..]);

    /// <summary>The XChaCha20 nonce, 24 bytes.</summary>
    public Span<byte> Nonce => _bytes.Slice(NonceOffset, ProtocolConstants.CookieNonceLength);

    /// <summary>The cookie, sealed: 16 bytes and a tag.</summary>
    public Span<byte> SealedCookie => _bytes.Slice(SealedCookieOffset, SealedCookieLength);

    /// <summary>The whole message, 64 bytes.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Accepts <paramref name="datagram"/> if its type and length are a cookie reply's.</summary>
    /// <returns><see langword="false"/> if they are not; the reason is always <see cref="DropReason.Malformed"/>.</returns>
    internal static bool TryRead(Span<byte> datagram, out CookieReplyView view)
    {
        bool isCookieReply = Datagram.Classify(datagram) == MessageType.CookieReply;
        view = isCookieReply ? new(datagram) : default;
        return isCookieReply;
    }

    /// <summary>Lays type and receiver into the first 64 bytes; the caller fills the rest.</summary>
    internal static CookieReplyView Begin(Span<byte> destination, SessionIndex receiver)
    {
        CookieReplyView view = new(destination[..Length]);
        Datagram.WriteType(destination, MessageType.CookieReply);
        Datagram.WriteIndex(destination[4..], receiver);
        return view;
    }
}
