using Chasqui.Linux.Names;

namespace Chasqui.Linux.Tests.Names;

public sealed class DnsAnswerTests
{
    private static readonly byte[] Question = [1, (byte)'a', 2, (byte)'b', (byte)'c', 0, 0, 1, 0, 1];
    private static readonly byte[] Pointer = [0xC0, 12];

    [Fact]
    public void TheShortestOfAddressesAndAliasesCounts()
    {
        byte[] message = Message(3, [.. Record(Pointer, 5, 300, 4), .. Record([1, (byte)'x', 0], 1, 60, 4), .. Record(Pointer, 28, 120, 16)]);

        Assert.True(DnsAnswer.TryReadTimeToLive(message, out uint seconds));
        Assert.Equal(60u, seconds);
    }

    [Fact]
    public void OtherRecordsDoNotCount()
    {
        Assert.True(DnsAnswer.TryReadTimeToLive(Message(2, [.. Record(Pointer, 46, 5, 9), .. Record(Pointer, 1, 77, 4)]), out uint seconds));
        Assert.Equal(77u, seconds);
        Assert.False(DnsAnswer.TryReadTimeToLive(Message(1, Record(Pointer, 16, 5, 3)), out _));
    }

    [Fact]
    public void ATimeWithTheHighestBitIsZero()
    {
        Assert.True(DnsAnswer.TryReadTimeToLive(Message(1, Record(Pointer, 1, 0x80000001, 4)), out uint seconds));
        Assert.Equal(0u, seconds);
    }

    [Fact]
    public void AnAnswerWithoutRecordsHasNone() => Assert.False(DnsAnswer.TryReadTimeToLive(Message(0, []), out _));

    [Fact]
    public void WhateverIsCutIsRefused()
    {
        byte[] message = Message(2, [.. Record(Pointer, 5, 300, 4), .. Record(Pointer, 1, 60, 4)]);
        for (int length = 0; length < message.Length; length++)
        {
            Assert.False(DnsAnswer.TryReadTimeToLive(message.AsSpan(0, length), out _), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void ALabelOfAnUnknownKindIsRefused(byte kind) =>
        Assert.False(DnsAnswer.TryReadTimeToLive(Message(1, Record([kind, 0, 0], 1, 60, 4)), out _));

    private static byte[] Message(byte answers, byte[] records) => [0, 1, 0x81, 0x80, 0, 1, 0, answers, 0, 0, 0, 0, .. Question, .. records];

    private static byte[] Record(byte[] name, byte type, uint seconds, byte length) =>
        [.. name, 0, type, 0, 1, (byte)(seconds >> 24), (byte)(seconds >> 16), (byte)(seconds >> 8), (byte)seconds, 0, length, .. new byte[length]];
}
