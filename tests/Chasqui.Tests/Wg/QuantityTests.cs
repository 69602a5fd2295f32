using System.Text;
using Chasqui.Cli.Commands.Wg;

namespace Chasqui.Tests.Wg;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0UL, "0 B")]
    [InlineData(1023UL, "1023 B")]
    [InlineData(1024UL, "1.00 KiB")]
    [InlineData(1029UL, "1.00 KiB")] // 1.0048828125
    [InlineData(1030UL, "1.01 KiB")] // 1.005859375
    [InlineData(1088UL, "1.06 KiB")] // 1.0625: a tie to even, down
    [InlineData(1216UL, "1.19 KiB")] // 1.1875
    [InlineData(1344UL, "1.31 KiB")] // 1.3125
    [InlineData(1048575UL, "1024.00 KiB")]
    [InlineData(1048576UL, "1.00 MiB")]
    [InlineData(1073741824UL, "1.00 GiB")]
    [InlineData(1099511627776UL, "1.00 TiB")]
    [InlineData(ulong.MaxValue, "16777216.00 TiB")]
    public void AmountsAreThoseOfPrintf(ulong bytes, string expected) =>
        Assert.Equal(expected, Render(text => Quantity.AppendBytes(text, bytes), isColoured: false));

    [Theory]
    [InlineData(0UL, "")]
    [InlineData(1UL, "1 second")]
    [InlineData(60UL, "1 minute")]
    [InlineData(119UL, "1 minute, 59 seconds")]
    [InlineData(3600UL, "1 hour")]
    [InlineData(90061UL, "1 day, 1 hour, 1 minute, 1 second")]
    [InlineData(63072002UL, "2 years, 2 seconds")]
    public void DurationsNameTheirPartsThatAreNotZero(ulong seconds, string expected) =>
        Assert.Equal(expected, Render(text => Quantity.AppendDuration(text, seconds), isColoured: false));

    [Fact]
    public void UnitsAreCyan()
    {
        Assert.Equal("1.00 \e[36mKiB\e[0m", Render(text => Quantity.AppendBytes(text, 1024), isColoured: true));
        Assert.Equal("2 \e[36mseconds\e[0m", Render(text => Quantity.AppendDuration(text, 2), isColoured: true));
    }

    private static string Render(Action<StyledText> append, bool isColoured)
    {
        using WgText text = new();
        append(new StyledText(text, isColoured));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
