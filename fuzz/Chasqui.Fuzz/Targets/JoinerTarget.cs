using System.Buffers.Binary;
using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Tun;

namespace Chasqui.Fuzz.Targets;

/// <summary>Packets joined into super-packets, which cut again are the packets.</summary>
internal sealed class JoinerTarget : IFuzzTarget
{
    private const int Header = VirtioNetHeader.Length;
    private const int MaxPackets = 120;

    // A new flow has short packets, which go faster, or with these bits ones as long as the MTU lets them be.
    private const int LongPackets = 7;
    private const int ShortLength = 200;
    private const int LongLength = 1400;

    private readonly GuardedBytes _frame = new(4096);

    public string Name => "joiner";

    public string Summary => "PacketJoiner over a batch of sound, damaged and arbitrary packets: cutting gives each flow's packets back";

    public int MaxLength => 2048;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [3, .. Burst(0x06, 12, 100)],
        [3, .. Burst(0x05, 9, 1200)],
        [3, .. Burst(0x00, 70, 33)],
        [3, .. Burst(0x02, 5, 1000), .. Burst(0x03, 6, 77), .. Burst(0x02, 3, 1000), 0xF0, 40, 0x45],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [[0x80], [0xC0, 1, 13, 0, 24], [0x40, 5, 0], [0xD0, 1, 8, 0, 3], [0xD0, 1, 33, 0, 0x11]];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        byte joins = reader.Byte();
        var joiner = new PacketJoiner { JoinsTcp = (joins & 1) != 0, JoinsUdp = (joins & 2) != 0 };
        var sink = new FrameSink();
        var flow = new PacketRecipe { IsTcp = true };
        int length = 100;
        var given = new List<byte[]>();
        while (!reader.IsEmpty && given.Count < MaxPackets)
        {
            byte[] packet = Next(ref reader, ref flow, ref length);
            given.Add(packet);
            Span<byte> frame = _frame.Begin(Header + packet.Length, 0xA5);
            packet.CopyTo(frame[Header..]);
            joiner.Add(frame, ref sink);
            _frame.CheckFences(frame.Length);
        }

        joiner.Flush(ref sink);
        int written = sink.Frames.Count;
        joiner.Flush(ref sink);
        Check.That(sink.Frames.Count == written, "a second flush writes nothing");
        CheckSame(given, sink.Frames);
    }

    /// <summary>Inputs that continue one flow.</summary>
    private static byte[] Burst(byte kind, int packets, int length) =>
        [0x40 | LongPackets, kind, 1, 2, 0, 1, 2, 3, 4, (byte)length, (byte)(length >> 8), .. Enumerable.Repeat((byte)0x80, packets)];

    /// <summary>The next packet: of the flow in hand, of another, damaged, or arbitrary bytes.</summary>
    private static byte[] Next(ref InputReader reader, ref PacketRecipe flow, ref int length)
    {
        byte kind = reader.Byte();
        if (kind >= 0xF0)
        {
            return reader.Take(reader.Byte() * 2).ToArray();
        }

        if ((kind & 0x40) != 0 && kind < 0x80)
        {
            flow = PacketRecipe.Read(ref reader);
            length = reader.UInt16() % ((kind & LongPackets) == LongPackets ? LongLength : ShortLength);
        }

        byte[] payload = new byte[kind is >= 0x60 and < 0x70 ? length / 2 : length];
        payload.AsSpan().Fill(kind);
        byte[] packet = (flow with { Flags = kind is >= 0x90 and < 0xA0 ? (byte)0x18 : (byte)0x10 }).Packet(payload);
        flow = flow with { Sequence = flow.Sequence + (uint)payload.Length, Identification = (ushort)(flow.Identification + 1) };
        if (kind >= 0xC0)
        {
            Patches.Apply(ref reader, packet);
        }

        if (kind >= 0xD0)
        {
            NaiveIp.Complete(packet); // what differs is all that tells it from a segment of its flow
        }

        return packet;
    }

    private static void CheckSame(List<byte[]> given, List<byte[]> frames)
    {
        var expected = new Dictionary<string, List<byte[]>>();
        foreach (byte[] packet in given)
        {
            Of(expected, packet).Add(Canonical(packet));
        }

        var actual = new Dictionary<string, List<byte[]>>();
        foreach (byte[] packet in frames.SelectMany(Cut))
        {
            Of(actual, packet).Add(Canonical(packet));
        }

        Check.That(actual.Count == expected.Count, "as many flows come out as went in");
        foreach ((string key, List<byte[]> packets) in expected)
        {
            List<byte[]> back = Of(actual, key);
            Check.That(back.Count == packets.Count, "as many packets of a flow come out as went in");
            for (int i = 0; i < packets.Count; i++)
            {
                Check.Same(back[i], packets[i], "a packet joined and cut");
            }
        }
    }

    private static IEnumerable<byte[]> Cut(byte[] frame)
    {
        if (frame[1] == 0)
        {
            Check.That(!frame.AsSpan(0, Header).ContainsAnyExcept((byte)0), "a packet that was not joined has an empty header");
            return [frame[Header..]];
        }

        Check.That(SuperPacket.TryPlan(frame, out SegmentPlan plan), "what was joined can be cut");
        Check.That(plan.Count > 1, "what was joined is more than one packet");
        var packets = new List<byte[]>();
        for (int i = 0; i < plan.Count; i++)
        {
            byte[] packet = new byte[plan.LengthOf(i)];
            _ = plan.Write(i, packet);
            packets.Add(packet);
        }

        return packets;
    }

    /// <summary>Packets whose order counts: those with the same hosts, protocol and ports; all others of the same hosts.</summary>
    private static string KeyOf(ReadOnlySpan<byte> packet)
    {
        if (!NaiveIp.IsWhole(packet))
        {
            return "";
        }

        int network = NaiveIp.NetworkLength(packet);
        ReadOnlySpan<byte> addresses = NaiveIp.IsV6(packet) ? packet[8..40] : packet[12..20];
        bool hasPorts = NaiveIp.Protocol(packet) is 6 or 17 && packet.Length >= network + 4;
        return $"{NaiveIp.Protocol(packet)} {Convert.ToHexString(addresses)} {(hasPorts ? Convert.ToHexString(packet[network..(network + 4)]) : "")}";
    }

    private static List<byte[]> Of(Dictionary<string, List<byte[]>> flows, ReadOnlySpan<byte> packet) => Of(flows, KeyOf(packet));

    private static List<byte[]> Of(Dictionary<string, List<byte[]>> flows, string key)
    {
        if (!flows.TryGetValue(key, out List<byte[]>? packets))
        {
            flows.Add(key, packets = []);
        }

        return packets;
    }

    /// <summary>A packet without what may change: the identification of one that may not be fragmented, and the two forms of zero.</summary>
    private static byte[] Canonical(ReadOnlySpan<byte> packet)
    {
        byte[] bytes = packet.ToArray();
        if (!NaiveIp.IsWhole(bytes) || !NaiveIp.IsHeaderSound(bytes))
        {
            return bytes;
        }

        // Hosts ignore it (RFC 6864 §4.1); the header's checksum, which was right, covers it.
        if (!NaiveIp.IsV6(bytes))
        {
            bytes.AsSpan(10, 2).Clear();
            bytes.AsSpan(4, (bytes[6] & 0x40) != 0 ? 2 : 0).Clear();
        }

        int checksum = NaiveIp.NetworkLength(bytes) + (NaiveIp.Protocol(bytes) == 6 ? 16 : 6);
        if (NaiveIp.Protocol(bytes) == 6 && bytes.Length >= checksum + 2
            && BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(checksum)) == 0xFFFF)
        {
            bytes.AsSpan(checksum, 2).Clear();
        }

        return bytes;
    }
}
