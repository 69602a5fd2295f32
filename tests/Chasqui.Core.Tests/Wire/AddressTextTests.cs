using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Wire;

public sealed class AddressTextTests
{
    /// <summary>What inet_ntop(3) of glibc 2.36 makes of them.</summary>
    [Theory]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("00000000000000000000000000000001", "::1")]
    [InlineData("00000000000000000000ffff01020304", "::ffff:1.2.3.4")]
    [InlineData("00000000000000000000ffff00000000", "::ffff:0.0.0.0")]
    [InlineData("00000000000000000000000001020304", "::1.2.3.4")]
    [InlineData("00000000000000000000000000010002", "::0.1.0.2")]
    [InlineData("00000000000000000000000000000102", "::102")]
    [InlineData("00010000000000000000000000000000", "1::")]
    [InlineData("00000001000000000000000000000000", "0:1::")]
    [InlineData("fe8000000000000000005efe01020304", "fe80::5efe:102:304")]
    [InlineData("0000000000000000ffff000001020304", "::ffff:0:102:304")]
    [InlineData("00010000000000020000000000000003", "1:0:0:2::3")]
    [InlineData("00010000000000020000000000030004", "1::2:0:0:3:4")]
    [InlineData("00010000000200030004000500060007", "1:0:2:3:4:5:6:7")]
    [InlineData("00000000000000000001000000000000", "::1:0:0:0")]
    [InlineData("20010db8000000000000000000000001", "2001:db8::1")]
    [InlineData("ffffffffffffffffffffffffffffffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("01020304", "1.2.3.4")]
    [InlineData("00000000", "0.0.0.0")]
    [InlineData("ffffffff", "255.255.255.255")]
    public void IsThatOfTheCLibrary(string hex, string expected) =>
        Assert.Equal(expected, IpAddress.FromBytes(Convert.FromHexString(hex)).ToString());

    [Fact]
    public void IsEmptyForNoAddress() => Assert.Equal("", default(IpAddress).ToString());

    [Fact]
    public void IsReadBackAsTheSameAddress()
    {
        const int Seed = 20240117;
        Random random = new(Seed);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            foreach (ref byte b in bytes.AsSpan())
            {
                b = random.Next(3) == 0 ? b : (byte)0;
            }

            IpAddress address = IpAddress.FromBytes(bytes.AsSpan(0, i % 2 == 0 ? 4 : 16));

            Assert.True(IpAddress.TryParse(address.ToString(), out IpAddress read), $"seed {Seed}: {address}");
            Assert.Equal(address, read);
        }
    }
}
