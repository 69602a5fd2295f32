using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>Packets and frames for tests, built byte by byte with none of the code under test but the header's layout.</summary>
internal sealed record TunPackets
{
    internal const byte Fin = 0x01, Syn = 0x02, Push = 0x08, Ack = 0x10, Ece = 0x40, Cwr = 0x80;

    internal bool IsV6 { get; init; }

    internal bool IsTcp { get; init; } = true;

    internal ushort SourcePort { get; init; } = 40000;

    internal ushort DestinationPort { get; init; } = 443;

    internal byte Host { get; init; } = 1;

    internal byte TrafficClass { get; init; }

    internal byte HopLimit { get; init; } = 64;

    internal ushort Identification { get; init; } = 1000;

    internal bool DontFragment { get; init; } = true;

    internal uint Sequence { get; init; } = 0xFFFF_F000;

    internal uint Acknowledgement { get; init; } = 7;

    internal ushort Window { get; init; } = 501;

    internal byte Flags { get; init; } = Ack;

    internal byte[] TcpOptions { get; init; } = [];

    internal byte[] IpOptions { get; init; } = [];

    internal int NetworkLength => IsV6 ? 40 : 20 + IpOptions.Length;

    internal int HeaderLength => NetworkLength + (IsTcp ? 20 + TcpOptions.Length : 8);

    internal int ChecksumAt => NetworkLength + (IsTcp ? 16 : 6);

    internal byte GsoType => (byte)(!IsTcp ? 5 : IsV6 ? 4 : 1);

    /// <summary>A packet with right lengths and checksums.</summary>
    internal byte[] Packet(ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[HeaderLength + payload.Length];
        payload.CopyTo(packet.AsSpan(HeaderLength));
        WriteIp(packet);
        WriteTransport(packet);
        NaiveChecksum.Complete(packet);
        return packet;
    }

    /// <summary>What the kernel gives for a super-packet: the pseudo header's sum in the checksum field.</summary>
    internal byte[] SuperFrame(ReadOnlySpan<byte> payload, int gsoSize)
    {
        byte[] packet = Packet(payload);
        NaiveChecksum.LeavePartial(packet);
        ushort offset = (ushort)(ChecksumAt - NetworkLength);
        return Frame(packet, new(1, GsoType, (ushort)HeaderLength, (ushort)gsoSize, (ushort)NetworkLength, offset));
    }

    internal static byte[] Frame(ReadOnlySpan<byte> packet, VirtioNetHeader header)
    {
        byte[] frame = new byte[VirtioNetHeader.Length + packet.Length];
        header.Write(frame);
        packet.CopyTo(frame.AsSpan(VirtioNetHeader.Length));
        return frame;
    }

    internal static byte[] Frame(ReadOnlySpan<byte> packet) => Frame(packet, default);

    internal static byte[] RandomBytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private void WriteIp(Span<byte> packet)
    {
        byte protocol = IsTcp ? (byte)6 : (byte)17;
        if (IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet, 0x6000_0000u | ((uint)TrafficClass << 20) | 0x12345);
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - 40));
            packet[6] = protocol;
            packet[7] = HopLimit;
            packet[8] = packet[24] = 0xFD;
            packet[23] = Host;
            packet[39] = 2;
            return;
        }

        packet[0] = (byte)(0x40 | (NetworkLength / 4));
        packet[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], Identification);
        packet[6] = DontFragment ? (byte)0x40 : (byte)0;
        packet[8] = HopLimit;
        packet[9] = protocol;
        ((ReadOnlySpan<byte>)[10, 0, 0, Host, 10, 0, 0, 2]).CopyTo(packet[12..]);
        IpOptions.CopyTo(packet[20..]);
    }

    private void WriteTransport(Span<byte> packet)
    {
        Span<byte> transport = packet[NetworkLength..];
        BinaryPrimitives.WriteUInt16BigEndian(transport, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], DestinationPort);
        if (!IsTcp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(transport[4..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(transport[8..], Acknowledgement);
        transport[12] = (byte)((20 + TcpOptions.Length) / 4 << 4);
        transport[13] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(transport[14..], Window);
        TcpOptions.CopyTo(transport[20..]);
    }
}
