using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class AllowedIpsExpressionTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData(" 10.0.0.1/8 ,fd00::1 ", "10.0.0.0/8, fd00::1/128")]
    [InlineData("10.0.0.0/9, 10.128.0.0/9, 10.3.0.0/16", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0 - 0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("0.0.0.0/0 - 0.0.0.0/1, 128.0.0.0/2", "192.0.0.0/2")]
    [InlineData("0.0.0.0/0, ::/0 - ::/1, 0.0.0.0/1", "128.0.0.0/1, 8000::/1")]
    [InlineData("0.0.0.0/0 - 0.0.0.0/1 + 10.0.0.0/8", "10.0.0.0/8, 128.0.0.0/1")]
    [InlineData("0.0.0.0/0 - (0.0.0.0/1 - 10.0.0.0/8)", "10.0.0.0/8, 128.0.0.0/1")]
    [InlineData("(0.0.0.0/0 - 0.0.0.0/1), ::1", "128.0.0.0/1, ::1/128")]
    [InlineData("0.0.0.0/0 -(0.0.0.0/1)", "128.0.0.0/1")]
    [InlineData("10.0.0.0/8+11.0.0.0/8&10.0.0.0/7", "10.0.0.0/7")]
    [InlineData("10.0.0.1-10.0.0.2", "10.0.0.1/32, 10.0.0.2/32")]
    [InlineData("fe80::1-fe80::2", "fe80::1/128, fe80::2/128")]
    [InlineData("ALL", "0.0.0.0/0, ::/0")]
    [InlineData("private & 192.0.0.0/8", "192.168.0.0/16")]
    [InlineData("10.0.0.0/8 - all", "")]
    public void ComesTo(string text, string prefixes) =>
        Assert.Equal(prefixes, AllowedIpsExpression.Parse(text).ToSet().ToString());

    [Fact]
    public void EverythingExceptALocalNetworkIsTheKnownList() => Assert.Equal(
        "0.0.0.0/1, 128.0.0.0/2, 192.0.0.0/9, 192.128.0.0/11, 192.160.0.0/13, 192.169.0.0/16, 192.170.0.0/15, 192.172.0.0/14, 192.176.0.0/12, "
        + "192.192.0.0/10, 193.0.0.0/8, 194.0.0.0/7, 196.0.0.0/6, 200.0.0.0/5, 208.0.0.0/4, 224.0.0.0/3",
        AllowedIpsExpression.Parse("0.0.0.0/0 - 192.168.0.0/16").ToSet().ToString());

    [Theory]
    [InlineData("", "the expression ends at column 1 where a prefix should follow; add one, or remove what is before it.")]
    [InlineData("10.0.0.0/8 -", "the expression ends at column 13 where a prefix should follow; add one, or remove what is before it.")]
    [InlineData("10.0.0.0/8,, ::/0", "`,' at column 12 stands where a prefix should; put one before it, or remove it.")]
    [InlineData("- ::/0", "`-' at column 1 stands where a prefix should; put one before it, or remove it.")]
    [InlineData("10.0.0.0/33", "`10.0.0.0/33' at column 1 needs a length from 0 to 32 after the '/'.")]
    [InlineData("::/0, fd00::/129", "`fd00::/129' at column 7 needs a length from 0 to 128 after the '/'.")]
    [InlineData("10.0.0.0/", "`10.0.0.0/' at column 1 needs a length from 0 to 32 after the '/'.")]
    [InlineData("office", "`office' at column 1 is no IPv4 or IPv6 prefix; give ADDRESS/LENGTH, a range ADDRESS-ADDRESS, all or private.")]
    [InlineData("0.0.0.0/0-10.0.0.0/8", "`0.0.0.0/0-10.0.0.0/8' at column 1 is no range of two addresses; for a difference put white space on both sides of the minus.")]
    [InlineData("0.0.0.0/0 -10.0.0.0/8", "`-10.0.0.0/8' at column 11 begins with a minus; put white space on both sides of the minus.")]
    [InlineData("10.0.0.9-10.0.0.1", "`10.0.0.9-10.0.0.1' at column 1 ends before it begins; give the lower address first.")]
    [InlineData("10.0.0.9-::1", "`10.0.0.9-::1' at column 1 goes from one family to the other; give two addresses of IPv4 or two of IPv6.")]
    [InlineData("::/0 10.0.0.0/8", "`10.0.0.0/8' at column 6 follows without a comma; put a comma or an operator before it.")]
    [InlineData("::/0)", "`)' at column 5 closes nothing; remove it, or open it before.")]
    [InlineData("::/0 - (::1", "`(' at column 8 is never closed; add the other parenthesis.")]
    [InlineData("()", "`)' at column 2 stands where a prefix should; put one before it, or remove it.")]
    [InlineData("::/0 \0", "`?' at column 6 follows without a comma; put a comma or an operator before it.")]
    public void SaysWhatIsWrongAndWhere(string text, string reason) =>
        Assert.Equal(reason, Assert.Throws<ConfigException>(() => AllowedIpsExpression.Parse(text)).Reason);

    [Fact]
    public void EndsWhatIsMadeToCost()
    {
        Assert.Throws<ConfigException>(() => AllowedIpsExpression.Parse(new string('(', 100_000)));
        Assert.Throws<ConfigException>(() => AllowedIpsExpression.Parse(new string(' ', 2_000_000)));
        Assert.Throws<ConfigException>(() => AllowedIpsExpression.Parse("::" + string.Concat(Enumerable.Repeat(" - ::1", 1001))));
        Assert.False(AllowedIpsExpression.Parse("::" + string.Concat(Enumerable.Repeat(" - ::1", 1000))).ToSet().IsEmpty);
    }

    [Theory]
    [InlineData("0.0.0.0/0 ,::/0\t-\t10.0.0.0/8")]
    [InlineData(" 0.0.0.0/0,::/0   - ( 10.0.0.1/8 +private )&ALL, 10.0.0.1-10.0.0.2")]
    public void TextIsReadAgainAsItIsWritten(string text)
    {
        AllowedIpsExpression expression = AllowedIpsExpression.Parse(text);
        AllowedIpsExpression again = AllowedIpsExpression.Parse(expression.ToString());

        Assert.Equal(expression.ToString(), again.ToString());
        Assert.True(expression.ToSet().SetEquals(again.ToSet()));
        Assert.True(again.HasOperator);
    }

    [Theory]
    [InlineData("0.0.0.0/0", "10.0.0.0/8", "0.0.0.0/0 - 10.0.0.0/8")]
    [InlineData("0.0.0.0/0, ::/0", "10.0.0.0/8, fd00::/8", "0.0.0.0/0, ::/0 - 10.0.0.0/8, fd00::/8")]
    [InlineData("0.0.0.0/0 - 1.0.0.0/8", "10.0.0.0/8 - 10.1.0.0/16", "0.0.0.0/0 - 1.0.0.0/8 - (10.0.0.0/8 - 10.1.0.0/16)")]
    public void WithoutIsADifferenceThatReadsAsOne(string left, string right, string text)
    {
        AllowedIpsExpression difference = AllowedIpsExpression.Parse(left).Without(AllowedIpsExpression.Parse(right));

        Assert.Equal(text, difference.ToString());
        Assert.True(AllowedIpsExpression.Parse(text).ToSet().SetEquals(difference.ToSet()));
    }
}
