using System.Buffers.Binary;
using Chasqui.Linux.Tun;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Icmp;

/// <summary>ICMP and ICMPv6 as ping(8) needs them. Pure. Source: RFC 792, RFC 4443.</summary>
internal static class EchoMessage
{
    /// <summary>Type, code, checksum, identifier and number.</summary>
    internal const int HeaderLength = IcmpPacket.HeaderLength;

    private const byte V4Reply = 0, V4Unreachable = 3, V4Request = 8, V4TimeExceeded = 11, V4FragmentationNeeded = 4;
    private const byte V6Unreachable = 1, V6TooBig = 2, V6TimeExceeded = 3, V6Request = 128, V6Reply = 129;
    private const byte ProtocolIcmpV6 = 58;

    /// <summary>Writes a request over the first bytes of a message whose payload is there already. The kernel sums ICMPv6.</summary>
    internal static void WriteRequest(Span<byte> message, bool isV6, ushort identifier, ushort sequence)
    {
        message[..HeaderLength].Clear();
        message[0] = isV6 ? V6Request : V4Request;
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], sequence);
        if (!isV6)
        {
            InternetChecksum.Store(message[2..], InternetChecksum.Sum(message));
        }
    }

    /// <summary>Reads what a raw socket gave: an IPv4 packet, or an ICMPv6 message.</summary>
    /// <param name="bytes">The bytes, from whoever sent them.</param>
    /// <param name="isV6">Which of the two.</param>
    /// <param name="identifier">Whose requests are meant.</param>
    /// <param name="from">Who sent it, as the kernel says.</param>
    /// <param name="answer">The answer.</param>
    /// <returns><see langword="false"/> if it is about none of these requests.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, bool isV6, ushort identifier, in UdpAddress from, out EchoAnswer answer)
    {
        answer = default;
        ReadOnlySpan<byte> message = isV6 ? bytes : IcmpPacket.PayloadOfV4(bytes, IcmpPacket.Protocol);
        if (message.Length < HeaderLength)
        {
            return false;
        }

        if (message[0] == (isV6 ? V6Reply : V4Reply))
        {
            answer = new EchoAnswer(EchoAnswerKind.Reply, BinaryPrimitives.ReadUInt16BigEndian(message[6..]), from, 0, 0);
            return BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == identifier;
        }

        if (ErrorOf(message, isV6) is not { } kind || !TryReadQuoted(message[HeaderLength..], isV6, identifier, out ushort sequence))
        {
            return false;
        }

        uint mtu = isV6 ? BinaryPrimitives.ReadUInt32BigEndian(message[4..]) : BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        answer = new EchoAnswer(kind, sequence, from, message[1], kind == EchoAnswerKind.TooBig ? (int)Math.Min(mtu, ushort.MaxValue) : 0);
        return true;
    }

    private static EchoAnswerKind? ErrorOf(ReadOnlySpan<byte> message, bool isV6) => (isV6, message[0], message[1]) switch
    {
        (false, V4Unreachable, V4FragmentationNeeded) or (true, V6TooBig, _) => EchoAnswerKind.TooBig,
        (false, V4Unreachable, _) or (true, V6Unreachable, _) => EchoAnswerKind.Unreachable,
        (false, V4TimeExceeded, _) or (true, V6TimeExceeded, _) => EchoAnswerKind.TimeExceeded,
        _ => null,
    };

    /// <summary>The beginning of the packet that an error is about: a request of ours?</summary>
    private static bool TryReadQuoted(ReadOnlySpan<byte> quoted, bool isV6, ushort identifier, out ushort sequence)
    {
        sequence = 0;
        ReadOnlySpan<byte> request = !isV6 ? IcmpPacket.PayloadOfV4(quoted, IcmpPacket.Protocol)
            : quoted.Length > IcmpPacket.V6HeaderLength && quoted[6] == ProtocolIcmpV6 ? quoted[IcmpPacket.V6HeaderLength..] : default;
        if (request.Length < HeaderLength || request[0] != (isV6 ? V6Request : V4Request)
            || BinaryPrimitives.ReadUInt16BigEndian(request[4..]) != identifier)
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadUInt16BigEndian(request[6..]);
        return true;
    }
}
