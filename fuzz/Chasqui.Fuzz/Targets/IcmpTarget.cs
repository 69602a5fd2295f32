using System.Buffers.Binary;
using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Tun;

namespace Chasqui.Fuzz.Targets;

/// <summary>"Unreachable" messages about any packet.</summary>
internal sealed class IcmpTarget : IFuzzTarget
{
    private readonly GuardedBytes _packet = new(2048);
    private readonly GuardedBytes _answer = new(IcmpUnreachable.MaxLength);

    public string Name => "icmp";

    public string Summary => "IcmpUnreachable about any bytes: a sound answer that quotes the packet, or none";

    public int MaxLength => 2048;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. new PacketRecipe { IsTcp = true }.Packet(new byte[700])],
        [.. new PacketRecipe { IsV6 = true }.Packet(new byte[1300])],
        [0x60, 0, 0, 0, 0, 16, 0, 64, 0xFD, .. new byte[14], 1, 0xFD, .. new byte[14], 2, 58, 0, 0, 0, 0, 0, 0, 0, 128, .. new byte[7]],
        [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 8, 0, 0, 0, 0, 0, 0, 0],
    ];

    public IReadOnlyList<byte[]> Tokens => [];

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] first = Build(input, 0x00).ToArray();
        Check.Same(Build(input, 0xFF), first, "the answer with other bytes around the packet");
        if (first.Length > 0)
        {
            CheckAnswer(first, input);
        }
    }

    private ReadOnlySpan<byte> Build(ReadOnlySpan<byte> input, byte colour)
    {
        Span<byte> packet = _packet.Begin(input, colour);
        Span<byte> answer = _answer.Begin(IcmpUnreachable.MaxLength, colour);
        int length = IcmpUnreachable.Build(packet, answer);
        _answer.CheckFences(length);
        _packet.CheckFences(input.Length);
        Check.Same(packet, input, "the packet that is answered");
        return answer[..length];
    }

    private static void CheckAnswer(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> packet)
    {
        bool isV6 = NaiveIp.IsV6(answer);
        Check.That(NaiveIp.IsWhole(answer));
        Check.That(NaiveIp.IsHeaderSound(answer));
        Check.That(isV6 == NaiveIp.IsV6(packet));
        Check.That(answer.Length <= (isV6 ? 1280 : 576));
        ReadOnlySpan<byte> icmp = answer[(isV6 ? 40 : 20)..];
        Check.That(NaiveIp.Sum(icmp, isV6 ? NaiveIp.Pseudo(answer) : 0u) == 0xFFFF, "the ICMP checksum is right");
        Check.That(icmp[0] == (isV6 ? 1 : 3));
        ReadOnlySpan<byte> quoted = icmp[8..];
        Check.That(packet.StartsWith(quoted), "the answer quotes the packet");

        // RFC 1122 §3.2.2: no error about a fragment but the first, and never to nobody in particular.
        Check.That(isV6 || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) == 0);
        Check.That(answer[isV6 ? 24 : 16] != (isV6 ? 0xFF : 0xE0));
        bool isIcmpError = !isV6 && packet[9] == 1 && quoted.Length > NaiveIp.NetworkLength(packet)
            && packet[NaiveIp.NetworkLength(packet)] is 3 or 4 or 5 or 11 or 12;
        Check.That(!isIcmpError);
    }
}
