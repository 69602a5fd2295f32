using Chasqui.Linux.Names;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Tests.Names;

/// <summary>Only what the C library answers without asking anybody: no test waits for a name server.</summary>
public sealed class AddressLookupTests
{
    [Fact]
    public void ANumericAddressIsItself()
    {
        Assert.Equal([UdpAddress.V4(0xC0000201, 51820)], AddressLookup.Resolve("192.0.2.1", "51820").Addresses);
        Assert.Equal([UdpAddress.V6(0x20010DB8_00000000, 1, 65535, 0)], AddressLookup.Resolve("2001:db8::1", "65535").Addresses);
    }

    [Fact]
    public void TheScopeOfALinkLocalAddressIsAnInterface() =>
        Assert.Equal([UdpAddress.V6(0xFE800000_00000000, 1, 1, 1)], AddressLookup.Resolve("fe80::1%lo", "1").Addresses);

    [Fact]
    public void AServiceHasAPort()
    {
        Assert.Equal(51820, AddressLookup.ResolveService("51820").Addresses[0].Port);
        Assert.True(AddressLookup.ResolveService("0").IsFound);
    }

    [Fact]
    public void AServiceThatDoesNotExistIsSaidInTheLibrarysWords()
    {
        LookupResult result = AddressLookup.ResolveService("no-such-service");

        Assert.False(result.IsFound);
        Assert.Empty(result.Addresses);
        Assert.False(result.IsPermanent);
        Assert.Equal("Servname not supported for ai_socktype", result.Message);
    }

    [Fact]
    public void AnAddressOfTooManyPartsIsANameThatDoesNotExist()
    {
        LookupResult result = AddressLookup.Resolve("::1::2", "1");

        Assert.False(result.IsFound);
        Assert.NotEqual("", result.Message);
    }
}
