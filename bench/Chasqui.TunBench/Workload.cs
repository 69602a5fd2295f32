using System.Buffers.Binary;
using Chasqui.Linux.Tun;

namespace Chasqui.TunBench;

/// <summary>What is measured: each method handles <see cref="Segments"/> packets, <see cref="RunsPerRound"/> times.</summary>
/// <remarks>Packets lie one behind the other at the pace of datagrams, as in a receive buffer; a super-packet is 64 KB.</remarks>
internal sealed class Workload
{
    internal const int PacketLength = 1420;
    internal const int Segments = 46;
    internal const int RunsPerRound = 20;

    private const int Pace = PacketLength + 32;
    private const int Headroom = 16;

    private readonly byte[] _tcp4 = SuperFrame(isV6: false, isTcp: true);
    private readonly byte[] _tcp6 = SuperFrame(isV6: true, isTcp: true);
    private readonly byte[] _udp4 = SuperFrame(isV6: false, isTcp: false);
    private readonly byte[] _datagrams = GC.AllocateArray<byte>((Segments + 1) * Pace, pinned: true);
    private readonly byte[] _target = GC.AllocateArray<byte>((Segments + 1) * Pace, pinned: true);
    private readonly byte[] _segments4;
    private readonly byte[] _segments6;
    private readonly byte[] _segmentsUdp;
    private readonly byte[] _interleaved;
    private readonly byte[] _acks;
    private readonly PacketJoiner _joiner = new() { JoinsTcp = true, JoinsUdp = true };
    private ulong _result;

    internal Workload()
    {
        new Random(1).NextBytes(_datagrams);
        _segments4 = Cut(_tcp4);
        _segments6 = Cut(_tcp6);
        _segmentsUdp = Cut(_udp4);
        _interleaved = Interleave();
        _acks = Acks();
    }

    internal void Copy() => Each(static (from, to) =>
    {
        from.CopyTo(to);
        return to[0];
    });

    internal void Sum() => Each(static (from, _) => InternetChecksum.Sum(from));

    internal void CopyThenSum() => Each(static (from, to) =>
    {
        from.CopyTo(to);
        return InternetChecksum.Sum(to);
    });

    internal void CopyAndSum() => Each(static (from, to) => InternetChecksum.CopyAndSum(from, to));

    internal void SumScalar() => Each(static (from, _) =>
    {
        ulong sum = 0;
        for (int i = 0; i + 4 <= from.Length; i += 4)
        {
            sum += BitConverter.ToUInt32(from[i..]);
        }

        return sum;
    });

    internal void CutTcp4() => CutAll(_tcp4);

    internal void CutTcp6() => CutAll(_tcp6);

    internal void CutUdp4() => CutAll(_udp4);

    internal void JoinTcp4() => JoinAll(_segments4, PacketLength);

    internal void JoinTcp6() => JoinAll(_segments6, PacketLength);

    internal void JoinUdp4() => JoinAll(_segmentsUdp, PacketLength);

    internal void JoinInterleaved() => JoinAll(_interleaved, PacketLength);

    internal void PassAcks() => JoinAll(_acks, 40);

    private delegate ulong Step(ReadOnlySpan<byte> from, Span<byte> to);

    private void Each(Step step)
    {
        for (int run = 0; run < RunsPerRound; run++)
        {
            for (int i = 0; i < Segments; i++)
            {
                int at = (i * Pace) + Headroom;
                _result += step(_datagrams.AsSpan(at, PacketLength), _target.AsSpan(at, PacketLength));
            }
        }
    }

    private void CutAll(byte[] frame)
    {
        for (int run = 0; run < RunsPerRound; run++)
        {
            _ = Cut(frame, _target);
        }
    }

    private static bool Cut(byte[] frame, byte[] target)
    {
        if (!SuperPacket.TryPlan(frame, out SegmentPlan plan) || plan.Count != Segments)
        {
            return false;
        }

        for (int i = 0; i < plan.Count; i++)
        {
            _ = plan.Write(i, target.AsSpan((i * Pace) + Headroom));
        }

        return true;
    }

    private void JoinAll(byte[] datagrams, int length)
    {
        var sink = default(CountingSink);
        for (int run = 0; run < RunsPerRound; run++)
        {
            for (int i = 0; i < Segments; i++)
            {
                _joiner.Add(datagrams.AsSpan((i * Pace) + Headroom - VirtioNetHeader.Length, VirtioNetHeader.Length + length), ref sink);
            }

            _joiner.Flush(ref sink);
        }

        _result += (ulong)sink.Bytes;
    }

    private static byte[] Cut(byte[] frame)
    {
        byte[] segments = GC.AllocateArray<byte>((Segments + 1) * Pace, pinned: true);
        return Cut(frame, segments) ? segments : throw new InvalidOperationException("The workload is wrong: the frame is refused.");
    }

    /// <summary>Eight flows of the same segments, told apart by a port, taking turns.</summary>
    private byte[] Interleave()
    {
        byte[] mixed = GC.AllocateArray<byte>(_segments4.Length, pinned: true);
        for (int i = 0; i < Segments; i++)
        {
            Span<byte> packet = mixed.AsSpan((i * Pace) + Headroom, PacketLength);
            _segments4.AsSpan((i / 8 * Pace) + Headroom, PacketLength).CopyTo(packet);

            // Source port up, destination port down: the checksum stays right.
            packet[21] += (byte)(i % 8);
            packet[23] -= (byte)(i % 8);
        }

        return mixed;
    }

    private static byte[] Acks()
    {
        byte[] acks = GC.AllocateArray<byte>((Segments + 1) * Pace, pinned: true);
        for (int i = 0; i < Segments; i++)
        {
            Span<byte> packet = acks.AsSpan((i * Pace) + Headroom, 40);
            WriteHeaders(packet, isV6: false, isTcp: true);
            InternetChecksum.Store(packet[10..12], InternetChecksum.Sum(packet[..20]));
        }

        return acks;
    }

    private static byte[] SuperFrame(bool isV6, bool isTcp)
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

    private struct CountingSink : IPacketSink
    {
        internal long Bytes;

        public void Write(ReadOnlySpan<byte> frame) => Bytes += frame.Length;
    }
}
