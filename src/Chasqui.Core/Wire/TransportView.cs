using System.Buffers.Binary;

namespace Chasqui.Core.Wire;

/// <summary>A transport data message laid over the caller's bytes.</summary>
/// <remarks>
/// Shape: type(1) reserved(3) receiver(4, LE) counter(8, LE) ciphertext(n) tag(16); 32 bytes or more.
/// Source: whitepaper §5.4.6. The view borrows the span; it neither copies nor authenticates.
/// </remarks>
public readonly ref struct TransportView
{
    /// <summary>Length in bytes of what comes before the ciphertext.</summary>
    public const int HeaderLength = 16;

    /// <summary>Length in bytes of the shortest message: a keepalive.</summary>
    public const int MinimumLength = HeaderLength + ProtocolConstants.TagLength;

    private readonly Span<byte> _bytes;

    private TransportView(Span<byte> bytes) => _bytes = bytes;

    /// <summary>The receiver's index of the keypair.</summary>
    public SessionIndex Receiver => Datagram.ReadIndex(_bytes[4..]);

    /// <summary>The message counter: the nonce.</summary>
    public ulong Counter => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[8..]);

    /// <summary>Ciphertext and tag.</summary>
    public Span<byte> Sealed => _bytes[HeaderLength..];

    /// <summary>Whether the sealed packet is empty.</summary>
    public bool IsKeepalive => _bytes.Length == MinimumLength;

    /// <summary>Accepts <paramref name="datagram"/> if its type and length can be a data message.</summary>
    /// <returns><see langword="false"/> if it cannot; the reason is always <see cref="DropReason.Malformed"/>.</returns>
    public static bool TryRead(Span<byte> datagram, out TransportView view)
    {
        bool isTransport = Datagram.Classify(datagram) == MessageType.Transport;
        view = isTransport ? new(datagram) : default;
        return isTransport;
    }

    /// <summary>Lays the 16-byte header; the ciphertext and its tag follow it.</summary>
    public static void WriteHeader(Span<byte> destination, SessionIndex receiver, ulong counter)
    {
        Span<byte> header = destination[..HeaderLength];
        Datagram.WriteType(header, MessageType.Transport);
        Datagram.WriteIndex(header[4..], receiver);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], counter);
    }
}
