namespace Chasqui.Core.Wire;

/// <summary>A handshake response laid over the caller's bytes.</summary>
/// <remarks>
/// Shape: type(1) reserved(3) sender(4, LE) receiver(4, LE) ephemeral(32) sealed nothing(16) mac1(16) mac2(16): 92 bytes.
/// Source: whitepaper §5.4.3. The view borrows the span; it neither copies nor authenticates.
/// </remarks>
public readonly ref struct ResponseView
{
    /// <summary>Length of the message in bytes.</summary>
    public const int Length = Mac2Offset + ProtocolConstants.MacLength;

    private const int EphemeralOffset = 12;
    private const int SealedNothingOffset = EphemeralOffset + ProtocolConstants.KeyLength;
    private const int Mac1Offset = SealedNothingOffset + ProtocolConstants.TagLength;
    private const int Mac2Offset = Mac1Offset + ProtocolConstants.MacLength;

    private readonly Span<byte> _bytes;

    private ResponseView(Span<byte> bytes) => _bytes = bytes;

    /// <summary>The index that the responder chose for itself.</summary>
    public SessionIndex Sender => Datagram.ReadIndex(_bytes[4..]);

    /// <summary>The initiator's index, from the initiation that this answers.</summary>
    public SessionIndex Receiver => Datagram.ReadIndex(_bytes[8..]);

    /// <summary>The responder's ephemeral public key, 32 bytes.</summary>
    public Span<byte> Ephemeral => _bytes.Slice(EphemeralOffset, ProtocolConstants.KeyLength);

    /// <summary>The empty payload, sealed: a tag alone, 16 bytes.</summary>
    public Span<byte> SealedNothing => _bytes.Slice(SealedNothingOffset, ProtocolConstants.TagLength);

    /// <summary>The proof that the sender knows the initiator's public key, 16 bytes.</summary>
    public Span<byte> Mac1 => _bytes.Slice(Mac1Offset, ProtocolConstants.MacLength);

    /// <summary>The proof that the sender owns its address, 16 bytes; zeros without a cookie.</summary>
    public Span<byte> Mac2 => _bytes.Slice(Mac2Offset, ProtocolConstants.MacLength);

    /// <summary>What mac1 covers: every byte before it.</summary>
    public ReadOnlySpan<byte> MacCovered1 => _bytes[..Mac1Offset];

    /// <summary>What mac2 covers: every byte before it, mac1 among them.</summary>
    public ReadOnlySpan<byte> MacCovered2 => _bytes[..Mac2Offset];

    /// <summary>The whole message, 92 bytes.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Accepts <paramref name="datagram"/> if its type and length are a response's.</summary>
    /// <returns><see langword="false"/> if they are not; the reason is always <see cref="DropReason.Malformed"/>.</returns>
    internal static bool TryRead(Span<byte> datagram, out ResponseView view)
    {
        bool isResponse = Datagram.Classify(datagram) == MessageType.Response;
        view = isResponse ? new(datagram) : default;
        return isResponse;
    }

    /// <summary>Lays type, sender and receiver into the first 92 bytes; the caller fills the rest.</summary>
    internal static ResponseView Begin(Span<byte> destination, SessionIndex sender, SessionIndex receiver)
    {
        ResponseView view = new(destination[..Length]);
        Datagram.WriteType(destination, MessageType.Response);
        Datagram.WriteIndex(destination[4..], sender);
        Datagram.WriteIndex(destination[8..], receiver);
        return view;
    }
}
