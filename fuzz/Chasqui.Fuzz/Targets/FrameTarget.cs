using System.Buffers.Binary;
using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Tun;

namespace Chasqui.Fuzz.Targets;

/// <summary>What a TUN device gives: frames and super-packets.</summary>
internal sealed class FrameTarget : IFuzzTarget
{
    private const int Header = VirtioNetHeader.Length;
    private const int MaxFrame = 70_000;

    // What begins with this has any length, in segments that are not too short; the rest is small, in segments of any length. The time goes by segments.
    private const int AnyLength = 0xF0;
    private const int SmallPayload = 600;
    private const int LongSegments = 0x100;

    private readonly GuardedBytes _frame = new(MaxFrame);
    private readonly GuardedBytes _segment = new(MaxFrame);

    public string Name => "frame";

    public string Summary => "SuperPacket and SegmentPlan over any frame, and over damaged sound ones; segments summed naively";

    public int MaxLength => 4096;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [1, 0x0A, 1, 2, 0, 1, 2, 3, 4, 100, 0, 0xE8, 3, 9, 0],
        [AnyLength | 1, 0x0F, 1, 2, 0, 1, 2, 3, 4, 200, 5, 0xE8, 70, 9, 0],
        [1, 0x00, 1, 2, 0, 1, 2, 3, 4, 1, 0, 0xE8, 3, 9, 0],
        [AnyLength | 1, 0x01, 1, 2, 0, 1, 2, 3, 4, 255, 255, 255, 255, 7, 1, 3, 0, 4],
        [0, 1, 0, 0, 0, 0, 0, 20, 0, 16, 0, .. new PacketRecipe { IsTcp = true }.Packet([1, 2, 3, 4, 5])],
    ];

    public IReadOnlyList<byte[]> Tokens => [];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        byte kind = reader.Byte();
        byte[] frame = (kind & 1) == 0 ? reader.Rest.ToArray() : DamagedFrame(ref reader, isLong: kind >= AnyLength);
        List<byte[]>? packets = Cut(frame, 0x00);
        List<byte[]>? again = Cut(frame, 0xFF);
        Check.That(packets is null == again is null);
        for (int i = 0; i < packets?.Count; i++)
        {
            Check.Same(packets[i], again![i], "a packet with other bytes around its frame");
        }

        if (packets is null)
        {
            return;
        }

        if (frame[1] == 0)
        {
            Check.That(packets.Count == 1);
            CheckWhole(packets[0], frame);
        }
        else
        {
            CheckCut(packets, frame);
        }
    }

    private static byte[] DamagedFrame(ref InputReader reader, bool isLong)
    {
        PacketRecipe recipe = PacketRecipe.Read(ref reader);
        int gsoSize = reader.UInt16() | (isLong ? LongSegments : 0);
        int payloadLength = Math.Min(isLong ? reader.UInt16() : reader.UInt16() % SmallPayload, 65535 - recipe.HeaderLength);
        byte[] payload = new byte[payloadLength];
        payload.AsSpan().Fill(reader.Byte());
        byte[] packet = (recipe with { Flags = reader.Byte() }).Packet(payload);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(recipe.ChecksumAt), NaiveIp.Pseudo(packet));
        byte[] frame = new byte[Header + packet.Length];
        new VirtioNetHeader(
            1, recipe.GsoType, (ushort)recipe.HeaderLength, (ushort)gsoSize, (ushort)recipe.NetworkLength,
            (ushort)(recipe.ChecksumAt - recipe.NetworkLength)).Write(frame);
        packet.CopyTo(frame.AsSpan(Header));
        Patches.Apply(ref reader, frame.AsSpan(0, Math.Min(frame.Length, Header + recipe.HeaderLength + 4)));
        return frame;
    }

    private List<byte[]>? Cut(byte[] bytes, byte colour)
    {
        Span<byte> frame = _frame.Begin(bytes, colour);
        if (!SuperPacket.TryPlan(frame, out SegmentPlan plan))
        {
            return null;
        }

        var packets = new List<byte[]>();
        for (int i = 0; i < plan.Count; i++)
        {
            int length = plan.LengthOf(i);
            Span<byte> destination = _segment.Begin(length, colour);
            Check.That(plan.Write(i, destination) == length);
            _segment.CheckFences(length);
            packets.Add(destination.ToArray());
        }

        Check.Same(frame, bytes, "the frame that was cut");
        return packets;
    }

    private static void CheckWhole(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> frame)
    {
        byte[] expected = frame[Header..].ToArray();
        if ((frame[0] & 1) != 0)
        {
            int start = BitConverter.ToUInt16(frame[6..]), field = start + BitConverter.ToUInt16(frame[8..]);
            ushort sum = (ushort)~NaiveIp.Sum(expected.AsSpan(start), 0);
            BinaryPrimitives.WriteUInt16BigEndian(expected.AsSpan(field), sum == 0 ? (ushort)0xFFFF : sum);
        }

        Check.Same(packet, expected);
    }

    private static void CheckCut(List<byte[]> packets, ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> whole = frame[Header..];
        int network = NaiveIp.NetworkLength(whole), gsoSize = BitConverter.ToUInt16(frame[4..]);
        bool isTcp = NaiveIp.Protocol(whole) == 6;
        int header = network + (isTcp ? (whole[network + 12] >> 4) * 4 : 8);
        int at = header;
        foreach (ReadOnlySpan<byte> packet in packets)
        {
            NaiveIp.CheckTransport(packet);
            ReadOnlySpan<byte> payload = packet[header..];
            Check.Same(payload, whole.Slice(at, Math.Min(gsoSize, whole.Length - at)), "a segment's payload");
            Check.Same(packet[network..(network + 4)], whole[network..(network + 4)], "a segment's ports");
            if (isTcp)
            {
                uint expected = BinaryPrimitives.ReadUInt32BigEndian(whole[(network + 4)..]) + (uint)(at - header);
                Check.That(BinaryPrimitives.ReadUInt32BigEndian(packet[(network + 4)..]) == expected, "the sequence numbers follow");
            }

            at += payload.Length;
        }

        Check.That(at == whole.Length);
    }
}
