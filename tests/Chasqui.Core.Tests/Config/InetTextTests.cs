using System.Net;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config;

public sealed class InetTextTests
{
    [Theory]
    [InlineData("1.2.3.4", "01020304")]
    [InlineData("0.0.0.0", "00000000")]
    [InlineData("255.255.255.255", "ffffffff")]
    [InlineData("::", "00000000000000000000000000000000")]
    [InlineData("::1", "00000000000000000000000000000001")]
    [InlineData("1::", "00010000000000000000000000000000")]
    [InlineData("1:2:3:4:5:6:7::", "00010002000300040005000600070000")]
    [InlineData("::2:3:4:5:6:7:8", "00000002000300040005000600070008")]
    [InlineData("1:2::7:8", "00010002000000000000000000070008")]
    [InlineData("FFFF:abCD::0001", "ffffabcd000000000000000000000001")]
    [InlineData("::1.2.3.4", "00000000000000000000000001020304")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304")]
    [InlineData("1::1.2.3.4", "00010000000000000000000001020304")]
    public void ReadsWhatInetPtonReads(string text, string hex)
    {
        Assert.True(InetText.TryParse(text, out IpAddress address));
        Assert.Equal(IpAddress.FromBytes(Convert.FromHexString(hex)), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1..3.4")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4 ")]
    [InlineData("0x1.2.3.4")]
    [InlineData("1.2.3.\u0664")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("::1:2:3:4:5:6:7:8")]
    [InlineData("00001::")]
    [InlineData("g::")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3")]
    [InlineData("fe80::1%1")]
    [InlineData("[::1]")]
    public void RefusesWhatInetPtonRefuses(string text) => Assert.False(InetText.TryParse(text, out _));

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4")]
    [InlineData("1", "0.0.0.1")]
    [InlineData("4294967295", "255.255.255.255")]
    [InlineData("127.1", "127.0.0.1")]
    [InlineData("1.2.772", "1.2.3.4")]
    [InlineData("010.0x10.0.1", "8.16.0.1")]
    [InlineData("4294967296", null)]
    [InlineData("1.16777216", null)]
    [InlineData("1.2.65536", null)]
    [InlineData("1.2.3.256", null)]
    [InlineData("256.1", null)]
    [InlineData("08.1.1.1", null)]
    [InlineData("1.2.3.4.5", null)]
    [InlineData("1.2.3.", null)]
    [InlineData("-1", null)]
    [InlineData(" 1", null)]
    [InlineData("", null)]
    public void ReadsWhatInetAtonReads(string text, string? address)
    {
        bool isAddress = InetText.TryParseLoose(text, out IpAddress parsed);

        Assert.Equal(address, isAddress ? parsed.ToString() : null);
    }

    [Fact]
    public void AgreesWithTheFrameworkOnWhatItWrites()
    {
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = new byte[i % 4 == 0 ? 4 : 16];
            random.NextBytes(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            string text = new IPAddress(bytes).ToString();

            Assert.True(InetText.TryParse(text, out IpAddress parsed), text);
            Assert.Equal(IpAddress.FromBytes(bytes), parsed);
        }
    }
}
