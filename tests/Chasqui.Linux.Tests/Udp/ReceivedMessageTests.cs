using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

public sealed class ReceivedMessageTests
{
    [Theory]
    [InlineData(0, 0, new int[0])]
    [InlineData(100, 0, new[] { 100 })]
    [InlineData(100, -1, new[] { 100 })]
    [InlineData(100, int.MinValue, new[] { 100 })]
    [InlineData(100, 101, new[] { 100 })]
    [InlineData(100, int.MaxValue, new[] { 100 })]
    [InlineData(100, 100, new[] { 100 })]
    [InlineData(100, 50, new[] { 50, 50 })]
    [InlineData(100, 40, new[] { 40, 40, 20 })]
    [InlineData(3, 1, new[] { 1, 1, 1 })]
    public void IsCutIntoItsDatagrams(int length, int segmentSize, int[] expected)
    {
        ReceivedMessage message = new() { Offset = 1000, SegmentSize = segmentSize };
        message.Complete(length);

        List<int> lengths = [];
        int end = 0;
        while (message.Next(ref end, out int offset, out int datagramLength))
        {
            Assert.Equal(1000 + lengths.Sum(), offset);
            lengths.Add(datagramLength);
        }

        Assert.Equal(expected, lengths);
        Assert.Equal(expected.Length, message.DatagramCount);
    }
}
