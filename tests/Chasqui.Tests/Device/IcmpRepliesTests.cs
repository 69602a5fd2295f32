using Chasqui.Core;
using Chasqui.Device;
using Chasqui.Linux.Tun;

namespace Chasqui.Tests.Device;

public sealed class IcmpRepliesTests
{
    private static readonly Instant Start = new(1_000_000_000_000);

    // 10.0.0.1 to 10.9.9.9, UDP.
    private static readonly byte[] Packet =
    [
        0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 9, 9, 9, 0x30, 0x39, 0x30, 0x39, 0, 8, 0, 0,
    ];

    private readonly List<byte[]> _written = [];
    private readonly IcmpReplies _replies;

    public IcmpRepliesTests() => _replies = new IcmpReplies(Write);

    [Fact]
    public void AnswersFromTheDestinationThatCannotBeReached()
    {
        _replies.AnswerUnreachable(Start, Packet);

        byte[] answer = Assert.Single(_written)[VirtioNetHeader.Length..];
        Assert.Equal(Packet[16..20], answer[12..16]);
        Assert.Equal(Packet[12..16], answer[16..20]);
        Assert.Equal((3, 1), (answer[20], answer[21])); // RFC 792: destination unreachable, host
        Assert.Equal(Packet, answer[28..]);
    }

    [Fact]
    public void AnswersABurstAndThenTenASecond()
    {
        Offer(IcmpReplies.Burst + 30, Start);
        Assert.Equal(IcmpReplies.Burst, _written.Count);

        Offer(30, Start + TimeSpan.FromSeconds(1));

        Assert.Equal(IcmpReplies.Burst + 10, _written.Count);
    }

    [Fact]
    public void EarnsAtTheSameRateHoweverOftenItIsAsked()
    {
        Offer(IcmpReplies.Burst, Start);

        for (int milliseconds = 0; milliseconds <= 9_950; milliseconds += 199)
        {
            Offer(5, Start + TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.Equal(IcmpReplies.Burst + 99, _written.Count);
    }

    [Fact]
    public void EarnsNoMoreThanABurst()
    {
        Offer(IcmpReplies.Burst, Start);

        Offer(1000, Start + TimeSpan.FromDays(365));

        Assert.Equal(2 * IcmpReplies.Burst, _written.Count);
    }

    private void Offer(int packets, Instant now)
    {
        for (int i = 0; i < packets; i++)
        {
            _replies.AnswerUnreachable(now, Packet);
        }
    }

    private int Write(ReadOnlySpan<byte> frame)
    {
        _written.Add(frame.ToArray());
        return 0;
    }
}
