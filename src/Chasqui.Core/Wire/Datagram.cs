using System.Buffers.Binary;

namespace Chasqui.Core.Wire;

/// <summary>Tells which message a datagram can be, from its first four bytes and its length alone.</summary>
public static class Datagram
{
    /// <summary>Length in bytes of the type and the three reserved bytes.</summary>
    internal const int TypeLength = 4;

    /// <summary>Names the message that <paramref name="datagram"/> can be.</summary>
    /// <remarks>
    /// Shape: type and the three reserved bytes are one little-endian word, so reserved bytes that are not zero make
    /// the datagram invalid, as in the kernel. Handshake messages and cookie replies have one length each; data is 32
    /// bytes or more. Nothing is authenticated.
    /// </remarks>
    public static MessageType Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < TypeLength)
        {
            return MessageType.Invalid;
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(datagram) switch
        {
            (uint)MessageType.Transport when datagram.Length >= TransportView.MinimumLength => MessageType.Transport,
            (uint)MessageType.Initiation when datagram.Length == InitiationView.Length => MessageType.Initiation,
            (uint)MessageType.Response when datagram.Length == ResponseView.Length => MessageType.Response,
            (uint)MessageType.CookieReply when datagram.Length == CookieReplyView.Length => MessageType.CookieReply,
            _ => MessageType.Invalid,
        };
    }

    /// <summary>Lays the type and the three reserved zeros.</summary>
    internal static void WriteType(Span<byte> destination, MessageType type) =>
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)type);

    internal static SessionIndex ReadIndex(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32LittleEndian(source));

    internal static void WriteIndex(Span<byte> destination, SessionIndex index) =>
        BinaryPrimitives.WriteUInt32LittleEndian(destination, index.Value);
}
