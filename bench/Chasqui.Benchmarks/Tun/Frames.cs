using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.Benchmarks.Tun;

/// <summary>Frames as the kernel gives them, and the packets that they are cut into, in a row as in a receive buffer.</summary>
internal static class Frames
{
    /// <summary>Bytes of every packet but the last.</summary>
    internal const int PacketLength = 1420;

    /// <summary>Packets of a super-packet.</summary>
    internal const int Segments = 46;

    /// <summary>From one packet's start to the next one's: a datagram's length.</summary>
    internal const int Pace = PacketLength + 32;

    /// <summary>Where the first packet starts.</summary>
    internal const int Headroom = 16;

    /// <summary>Room for all packets of a super-packet.</summary>
    internal static byte[] NewBuffer() => GC.AllocateArray<byte>((Segments + 1) * Pace, pinned: true);

    /// <summary>A super-packet of 64 KiB.</summary>
    internal static byte[] SuperFrame(bool isV6, bool isTcp)
    {
        int network = isV6 ? 40 : 20, header = network + (isTcp ? 32 : 8), payload = PacketLength - header;
        int length = Math.Min(65535, header + (Segments * payload));
        byte[] frame = GC.AllocateArray<byte>(VirtioNetHeader.Length + length, pinned: true);
        Span<byte> packet = frame.AsSpan(VirtioNetHeader.Length);
        new Random(2).NextBytes(packet[header..]);
        WriteHeaders(packet, isV6, isTcp);
        byte type = (byte)(!isTcp ? 5 : isV6 ? 4 : 1);
        new VirtioNetHeader(1, type, (ushort)header, (ushort)payload, (ushort)network, (ushort)(isTcp ? 16 : 6)).Write(frame);
        return frame;
    }

    /// <summary>Cuts a frame into a buffer of <see cref="NewBuffer"/>.</summary>
    /// <returns>How many packets there are; 0 if the frame is refused.</returns>
    internal static int Cut(byte[] frame, byte[] target)
    {
        if (!SuperPacket.TryPlan(frame, out SegmentPlan plan)) return 0;
        for (int i = 0; i < plan.Count; i++)
        {
            _ = plan.Write(i, target.AsSpan((i * Pace) + Headroom));
        }

        return plan.Count;
    }

    /// <summary>The packets of a super-packet.</summary>
    internal static byte[] Packets(bool isV6, bool isTcp)
    {
        byte[] packets = NewBuffer();
        return Cut(SuperFrame(isV6, isTcp), packets) == Segments ? packets : throw new InvalidOperationException("The frame is wrong.");
    }

    /// <summary>Eight flows of the same segments, told apart by a port, taking turns.</summary>
    internal static byte[] InterleavedPackets()
    {
        byte[] one = Packets(isV6: false, isTcp: true), mixed = NewBuffer();
        for (int i = 0; i < Segments; i++)
        {
            Span<byte> packet = mixed.AsSpan((i * Pace) + Headroom, PacketLength);
            one.AsSpan((i / 8 * Pace) + Headroom, PacketLength).CopyTo(packet);

            // Source port up, destination port down: the checksum stays right.
            packet[21] += (byte)(i % 8);
            packet[23] -= (byte)(i % 8);
        }

        return mixed;
    }

    /// <summary>Acknowledgements of 40 bytes, which are never joined.</summary>
    internal static byte[] Acknowledgements()
    {
        byte[] acknowledgements = NewBuffer();
        for (int i = 0; i < Segments; i++)
        {
            Span<byte> packet = acknowledgements.AsSpan((i * Pace) + Headroom, 40);
            WriteHeaders(packet, isV6: false, isTcp: true);
            InternetChecksum.Store(packet[10..12], InternetChecksum.Sum(packet[..20]));
        }

        return acknowledgements;
    }

    private static void WriteHeaders(Span<byte> packet, bool isV6, bool isTcp)
    {
        int network = isV6 ? 40 : 20;
        packet[0] = (byte)(isV6 ? 0x60 : 0x45);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(isV6 ? 4 : 2)..], (ushort)(packet.Length - (isV6 ? 40 : 0)));
        packet[isV6 ? 6 : 9] = (byte)(isTcp ? 6 : 17);
        packet[isV6 ? 7 : 8] = 64;
        packet[isV6 ? 8 : 12] = 10;
        packet[isV6 ? 24 : 16] = 11;
        packet[network + 1] = 50;
        packet[network + 3] = 60;
        if (isTcp)
        {
            packet[network + 12] = (byte)(packet.Length == 40 ? 0x50 : 0x80);
            packet[network + 13] = 0x10;
        }
    }
}
