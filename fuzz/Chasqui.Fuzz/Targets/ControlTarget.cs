using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Fuzz.Targets;

/// <summary>Control messages and addresses of received datagrams.</summary>
internal sealed class ControlTarget : IFuzzTarget
{
    private readonly GuardedBytes _control = new(512);

    public string Name => "control";

    public string Summary => "ControlMessages and SockAddr over any bytes, and the datagrams that the result divides a message into";

    public int MaxLength => 512;

    public IReadOnlyList<byte[]> Seeds { get; } = [[0x40, 0x10, .. SomeMessages()], [0xFF, 0xFF, .. SomeMessages()]];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        [16, 0, 0, 0, 0, 0, 0, 0], [20, 0, 0, 0, 0, 0, 0, 0], [17, 0, 0, 0, 104, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0], [2, 0], [10, 0],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        int length = reader.UInt16();
        ReceivedMessage first = Read(reader.Rest, 0x00), second = Read(reader.Rest, 0xFF);
        Check.That(first.Source == second.Source);
        Check.That(first.TrafficClass == second.TrafficClass);
        Check.That(first.SegmentSize == second.SegmentSize);
        Check.That(first.Remote == second.Remote);
        first.Offset = 7;
        first.Complete(length);
        CheckDatagrams(first, length);
    }

    private static byte[] SomeMessages()
    {
        byte[] control = new byte[ControlMessages.Capacity];
        int used = ControlMessages.Append(control, 0, Libc.IPPROTO_IPV6, Libc.IPV6_PKTINFO, new Libc.in6_pktinfo { ipi6_ifindex = 9 });
        used = ControlMessages.Append(control, used, Libc.IPPROTO_IP, Libc.IP_TOS, (byte)3);
        used = ControlMessages.Append(control, used, Libc.SOL_UDP, Libc.UDP_GRO, 1452);
        return control[..used];
    }

    private ReceivedMessage Read(ReadOnlySpan<byte> control, byte colour)
    {
        ReceivedMessage message = default;
        ControlMessages.Read(_control.Begin(control, colour), ref message);
        _control.CheckFences(control.Length);
        message.Remote = SockAddr.Read(_control.Begin(control, colour));
        return message;
    }

    private static void CheckDatagrams(in ReceivedMessage message, int length)
    {
        Check.That(message.Length == length);
        Check.That(message.SegmentSize > 0 || length == 0);
        int end = 0, total = 0, count = 0;
        while (message.Next(ref end, out int offset, out int bytes))
        {
            Check.That(bytes > 0);
            Check.That(bytes <= message.SegmentSize);
            Check.That(offset == message.Offset + total);
            total += bytes;
            count++;
            Check.That(count <= message.DatagramCount);
        }

        Check.That(total == length);
        Check.That(count == message.DatagramCount);
    }
}
