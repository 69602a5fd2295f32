namespace Chasqui.Core.Wire;

/// <summary>A handshake initiation laid over the caller's bytes.</summary>
/// <remarks>
/// Shape: type(1) reserved(3) sender(4, LE) ephemeral(32) sealed static(48) sealed timestamp(28) mac1(16) mac2(16):
/// 148 bytes. Source: whitepaper §5.4.2. The view borrows the span; it neither copies nor authenticates.
/// </remarks>
public readonly ref struct InitiationView
{
    /// <summary>Length of the message in bytes.</summary>
    public const int Length = Mac2Offset + ProtocolConstants.MacLength;

    private const int EphemeralOffset = 8;
    private const int SealedStaticOffset = EphemeralOffset + ProtocolConstants.KeyLength;
    private const int SealedStaticLength = ProtocolConstants.KeyLength + ProtocolConstants.TagLength;
    private const int SealedTimestampOffset = SealedStaticOffset + SealedStaticLength;
    private const int SealedTimestampLength = ProtocolConstants.TimestampLength + ProtocolConstants.TagLength;
    private const int Mac1Offset = SealedTimestampOffset + SealedTimestampLength;
    private const int Mac2Offset = Mac1Offset + ProtocolConstants.MacLength;

    private readonly Span<byte> _bytes;

    private InitiationView(Span<byte> bytes) => _bytes = bytes;

    /// <summary>The index by which the initiator wants to be answered.</summary>
    public SessionIndex Sender => Datagram.ReadIndex(_bytes[4..]);

    /// <summary>The initiator's ephemeral public key, 32 bytes.</summary>
    public Span<byte> Ephemeral => _bytes.Slice(EphemeralOffset, ProtocolConstants.KeyLength);

    /// <summary>The initiator's static public key, sealed: 32 bytes and a tag.</summary>
    public Span<byte> SealedStatic => _bytes.Slice(SealedStaticOffset, SealedStaticLength);

    /// <summary>The TAI64N timestamp, sealed: 12 bytes and a tag.</summary>
    public Span<byte> SealedTimestamp => _bytes.Slice(SealedTimestampOffset, SealedTimestampLength);

    /// <summary>The proof that the sender knows the responder's public key, 16 bytes.</summary>
    public Span<byte> Mac1 => _bytes.Slice(Mac1Offset, ProtocolConstants.MacLength);

    /// <summary>The proof that the sender owns its address, 16 bytes; zeros without a cookie.</summary>
    public Span<byte> Mac2 => _bytes.Slice(Mac2Offset, ProtocolConstants.MacLength);

    /// <summary>What mac1 covers: every byte before it.</summary>
    public ReadOnlySpan<byte> MacCovered1 => _bytes[..Mac1Offset];

    /// <summary>What mac2 covers: every byte before it, mac1 among them.</summary>
    public ReadOnlySpan<byte> MacCovered2 => _bytes[..Mac2Offset];

    /// <summary>The whole message, 148 bytes.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Accepts <paramref name="datagram"/> if its type and length are an initiation's.</summary>
    /// <returns><see langword="false"/> if they are not; the reason is always <see cref="DropReason.Malformed"/>.</returns>
    internal static bool TryRead(Span<byte> datagram, out InitiationView view)
    {
        bool isInitiation = Datagram.Classify(datagram) == MessageType.Initiation;
        view = isInitiation ? new(datagram) : default;
        return isInitiation;
    }

    /// <summary>Lays type and sender into the first 148 bytes; the caller fills the rest.</summary>
    internal static InitiationView Begin(Span<byte> destination, SessionIndex sender)
    {
        InitiationView view = new(destination[..Length]);
        Datagram.WriteType(destination, MessageType.Initiation);
        Datagram.WriteIndex(destination[4..], sender);
        return view;
    }
}
