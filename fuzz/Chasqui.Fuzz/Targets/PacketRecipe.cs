using System.Buffers.Binary;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>A sound TCP or UDP packet made from a few choices.</summary>
/// <remarks>Built byte by byte: none of the code under test is used.</remarks>
internal sealed record PacketRecipe
{
    internal bool IsV6 { get; init; }

    internal bool IsTcp { get; init; }

    internal byte Host { get; init; }

    internal byte Port { get; init; }

    internal byte TrafficClass { get; init; }

    internal ushort Identification { get; init; }

    internal bool DontFragment { get; init; }

    internal uint Sequence { get; init; }

    internal byte Flags { get; init; } = 0x10;

    internal int OptionWords { get; init; }

    internal int NetworkLength => IsV6 ? 40 : 20;

    internal int HeaderLength => NetworkLength + (IsTcp ? 20 + (4 * OptionWords) : 8);

    internal int ChecksumAt => NetworkLength + (IsTcp ? 16 : 6);

    internal byte GsoType => (byte)(!IsTcp ? 5 : IsV6 ? 4 : 1);

    /// <summary>Reads 8 bytes of choices.</summary>
    internal static PacketRecipe Read(ref InputReader reader)
    {
        byte kind = reader.Byte();
        return new PacketRecipe
        {
            IsV6 = (kind & 1) != 0,
            IsTcp = (kind & 2) != 0,
            DontFragment = (kind & 4) != 0,
            OptionWords = (kind >> 3) % 11,
            Host = reader.Byte(),
            Port = reader.Byte(),
            TrafficClass = reader.Byte(),
            Identification = reader.UInt16(),
            Sequence = (uint)reader.UInt16() << 16,
        };
    }

    /// <summary>The packet, with right lengths and checksums.</summary>
    internal byte[] Packet(ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[HeaderLength + payload.Length];
        payload.CopyTo(packet.AsSpan(HeaderLength));
        WriteNetwork(packet);
        WriteTransport(packet.AsSpan(NetworkLength));
        NaiveIp.Complete(packet);
        return packet;
    }

    private void WriteNetwork(Span<byte> packet)
    {
        byte protocol = IsTcp ? (byte)6 : (byte)17;
        if (IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet, 0x6000_0000u | ((uint)TrafficClass << 20));
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - 40));
            packet[6] = protocol;
            packet[7] = 64;
            packet[8] = packet[24] = 0xFD;
            packet[23] = Host;
            packet[39] = 2;
            return;
        }

        packet[0] = 0x45;
        packet[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], Identification);
        packet[6] = DontFragment ? (byte)0x40 : (byte)0;
        packet[8] = 64;
        packet[9] = protocol;
        ((ReadOnlySpan<byte>)[10, 1, 0, Host, 10, 0, 0, 2]).CopyTo(packet[12..]);
    }

    private void WriteTransport(Span<byte> transport)
    {
        transport[1] = Port;
        transport[3] = 80;
        if (!IsTcp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(transport[4..], Sequence);
        transport[12] = (byte)((5 + OptionWords) << 4);
        transport[13] = Flags;
        transport[14] = 1;
    }
}
