using System.Net;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Udp;

public sealed class UdpAddressTests
{
    [Theory]
    [InlineData("192.0.2.1:51820")]
    [InlineData("[2001:db8::1]:1")]
    [InlineData("[fe80::1%7]:65535")]
    public void ReadsBackAsWritten(string text)
    {
        UdpAddress address = UdpAddress.From(IPEndPoint.Parse(text));
        Span<byte> bytes = stackalloc byte[SockAddr.Capacity];

        int length = SockAddr.Write(address, bytes);

        Assert.Equal(text, address.ToString());
        Assert.Equal(address, SockAddr.Read(bytes[..length]));
    }

    [Fact]
    public void AddressesThatDifferInAnythingAreNotEqual()
    {
        UdpAddress address = UdpAddress.V6(1, 2, 3, 4);

        Assert.NotEqual(address, UdpAddress.V6(1, 2, 3, 5));
        Assert.NotEqual(address, address.WithPort(4));
        Assert.NotEqual(UdpAddress.V4(0, 3), UdpAddress.V6(0, 0, 3, 0));
        Assert.Equal(address, address.WithPort(4).WithPort(3));
    }

    [Fact]
    public void NoAddressHasNoBytesAndNoText()
    {
        Assert.Equal(0, SockAddr.Write(default, new byte[SockAddr.Capacity]));
        Assert.Equal("", default(UdpAddress).ToString());
        Assert.Equal("", default(UdpSource).ToString());
    }

    [Fact]
    public void CutOrForeignBytesAreNoAddress()
    {
        Span<byte> bytes = stackalloc byte[SockAddr.Capacity];
        int length = SockAddr.Write(UdpAddress.V6(1, 2, 3, 4), bytes);
        for (int cut = 0; cut < length; cut++)
            Assert.True(SockAddr.Read(bytes[..cut]).IsNone, $"{cut} bytes");

        bytes[0] = 1;
        Assert.True(SockAddr.Read(bytes).IsNone);
    }

    [Fact]
    public void SourcesSayTheirInterface()
    {
        Assert.Equal("192.0.2.1", UdpSource.V4(0xC0000201, 0).ToString());
        Assert.Equal("192.0.2.1%2", UdpSource.V4(0xC0000201, 2).ToString());
        Assert.Equal("2001:db8::1%3", UdpSource.V6(0x20010db8_00000000, 1, 3).ToString());
    }
}
