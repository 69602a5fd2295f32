using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class CNumberTests
{
    [Theory]
    [InlineData("0", 10, 0, 1)]
    [InlineData("12x", 10, 12, 2)]
    [InlineData(" \t+7", 10, 7, 4)]
    [InlineData("-1", 10, ulong.MaxValue, 2)]
    [InlineData("18446744073709551615", 10, ulong.MaxValue, 20)]
    [InlineData("18446744073709551616", 10, ulong.MaxValue, 20)]
    [InlineData("-18446744073709551616", 10, ulong.MaxValue, 21)]
    [InlineData("", 10, 0, 0)]
    [InlineData("-", 10, 0, 0)]
    [InlineData("x", 10, 0, 0)]
    [InlineData("0x1F", 16, 31, 4)]
    [InlineData("1f", 16, 31, 2)]
    [InlineData("0x", 16, 0, 1)]
    [InlineData("0xg", 16, 0, 1)]
    [InlineData("010", 0, 8, 3)]
    [InlineData("08", 0, 0, 1)]
    [InlineData("0x10", 0, 16, 4)]
    [InlineData("10", 0, 10, 2)]
    public void ReadsAsStrtoulDoes(string text, int numberBase, ulong value, int consumed)
    {
        ulong read = CNumber.ReadUnsigned(text, numberBase, out int length);

        Assert.Equal((value, consumed), (read, length));
    }
}
