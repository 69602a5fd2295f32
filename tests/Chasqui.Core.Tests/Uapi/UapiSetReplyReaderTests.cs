using System.Text;
using Chasqui.Core.Uapi;

namespace Chasqui.Core.Tests.Uapi;

public sealed class UapiSetReplyReaderTests
{
    [Theory]
    [InlineData("errno=0\n\n", 0)]
    [InlineData("errno=-22\n\n", -22)]
    [InlineData("errno=22\n\n", 22)]
    [InlineData("errno=-22\nerrno=0\n\n", 0)]
    [InlineData("reason=because\nerrno=-98\n\n", -98)]
    [InlineData("\n", UapiError.Protocol)]
    [InlineData("reason=because\n\n", UapiError.Protocol)]
    [InlineData("errno\n", UapiError.Protocol)]
    [InlineData("errno=\n", UapiError.Protocol)]
    [InlineData("errno=+1\n", UapiError.Protocol)]
    [InlineData("errno=1x\n", UapiError.Protocol)]
    [InlineData("errno=99999999999\n", UapiError.Protocol)]
    [InlineData("errno=0\nerrno=x\n", UapiError.Protocol)]
    public void ReadsTheNumber(string text, int expected)
    {
        foreach (int size in (int[])[1, 3, text.Length])
        {
            var reader = new UapiSetReplyReader();
            bool isOver = false;
            int errno = 1;
            for (int at = 0; at < text.Length && !isOver; at += size)
            {
                ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(text.Substring(at, Math.Min(size, text.Length - at)));
                isOver = reader.TryRead(ref bytes, out errno);
            }

            Assert.True(isOver);
            Assert.Equal(expected, errno);
        }
    }

    [Fact]
    public void AnAnswerCutShortIsNotOver()
    {
        var reader = new UapiSetReplyReader();
        ReadOnlySpan<byte> bytes = "errno=0\n"u8;

        Assert.False(reader.TryRead(ref bytes, out int errno));
        Assert.Equal(UapiError.Protocol, errno);
    }

    [Fact]
    public void AnEndlessLineIsNoAnswer()
    {
        var reader = new UapiSetReplyReader();
        ReadOnlySpan<byte> bytes = new byte[UapiReader.MaxLineLength + 1];

        Assert.True(reader.TryRead(ref bytes, out int errno));
        Assert.Equal(UapiError.Protocol, errno);
    }
}
