using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class Tai64nTests
{
    [Theory]
    [InlineData(0L, "400000000000000a00000000")]
    [InlineData(1_000_000_000L, "400000000000000b00000000")]
    [InlineData(1_700_000_000_123_456_789L, "400000006553f10a07000000")]
    [InlineData(16_777_215L, "400000000000000a00000000")]
    [InlineData(16_777_216L, "400000000000000a01000000")]
    [InlineData(999_999_999L, "400000000000000a3b000000")]
    [InlineData(-1L, "40000000000000093b000000")]
    [InlineData(-1_000_000_000L, "400000000000000900000000")]
    public void WritesCoarseBigEndianTime(long unixNanoseconds, string expected)
    {
        byte[] timestamp = new byte[12];

        Tai64n.Write(unixNanoseconds, timestamp);

        Assert.Equal(expected, Convert.ToHexStringLower(timestamp));
    }

    [Theory]
    [InlineData("400000000000000a00000000", 0L)]
    [InlineData("400000006553f10a07000000", 1_700_000_000_117_440_512L)]
    [InlineData("40000000000000093b000000", -10_144_256L)]
    [InlineData("000000000000000000000000", 0L)] // none
    [InlineData("000000000000000000000001", 0L)] // label 0 is none, too
    [InlineData("000000000000000100000000", long.MinValue)]
    [InlineData("ffffffffffffffffffffffff", long.MaxValue)]
    [InlineData("400000022fffffff00000000", long.MaxValue)]
    public void ReadsWhateverAPeerWrote(string timestamp, long expected) =>
        Assert.Equal(expected, Tai64n.ReadUnixNanoseconds(Convert.FromHexString(timestamp)));

    [Fact]
    public void LaterTimeIsNeverEarlierInByteOrder()
    {
        var random = new Random(11);
        byte[] earlier = new byte[12], later = new byte[12];
        for (int i = 0; i < 10_000; i++)
        {
            long time = random.NextInt64(long.MaxValue / 2);
            long gap = random.NextInt64(1L << random.Next(1, 40));
            Tai64n.Write(time, earlier);
            Tai64n.Write(time + gap, later);

            Assert.False(Tai64n.IsAfter(earlier, later));
            Assert.True(gap < Tai64n.StepNanoseconds * 2 || Tai64n.IsAfter(later, earlier), $"seed 11, round {i}");
        }
    }

    [Fact]
    public void EqualIsNotAfter()
    {
        byte[] timestamp = new byte[12];
        Tai64n.Write(1_700_000_000_000_000_000, timestamp);

        Assert.False(Tai64n.IsAfter(timestamp, timestamp));
    }

    [Fact]
    public void EveryByteCountsInOrder()
    {
        for (int i = 0; i < 12; i++)
        {
            byte[] low = new byte[12], high = new byte[12];
            high[i] = 0x80;
            low.AsSpan(i + 1).Fill(0xff);

            Assert.True(Tai64n.IsAfter(high, low));
            Assert.False(Tai64n.IsAfter(low, high));
        }
    }
}
