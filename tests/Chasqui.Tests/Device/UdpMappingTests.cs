using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Linux.Udp;

namespace Chasqui.Tests.Device;

public sealed class UdpMappingTests
{
    [Fact]
    public void Ipv4MakesTheRoundTrip()
    {
        var message = new ReceivedMessage { Remote = UdpAddress.V4(0xC0000201, 51820), Source = UdpSource.V4(0xC0000202, 3) };

        Endpoint endpoint = UdpMapping.ToEndpoint(message);

        Assert.Equal("192.0.2.1:51820", endpoint.Remote.ToString());
        Assert.Equal(IpAddress.V4(0xC0000202), endpoint.Source);
        Assert.Equal(3, endpoint.SourceInterface);
        Assert.Equal(message.Remote, UdpMapping.ToRemote(endpoint.Remote));
    }

    [Fact]
    public void Ipv6MakesTheRoundTripWithItsScope()
    {
        var message = new ReceivedMessage
        {
            Remote = UdpAddress.V6(0xFE80_0000_0000_0000, 1, 51820, 7),
            Source = UdpSource.V6(0xFE80_0000_0000_0000, 2, 7),
        };

        Endpoint endpoint = UdpMapping.ToEndpoint(message);

        Assert.Equal(7u, endpoint.Remote.ScopeId);
        Assert.Equal(IpAddress.V6(0xFE80_0000_0000_0000, 2), endpoint.Source);
        Assert.Equal(message.Remote, UdpMapping.ToRemote(endpoint.Remote));
    }

    [Fact]
    public void TheWayOutIsTheRoutingTablesToChoose()
    {
        var v4 = new Endpoint(new IpEndpoint(IpAddress.V4(0xC0000201), 1), IpAddress.V4(0xC0000202), 3);
        var v6 = new Endpoint(new IpEndpoint(IpAddress.V6(1, 2), 1), IpAddress.V6(3, 4), 3);

        Assert.Equal(UdpSource.V4(0xC0000202, 0), UdpMapping.ToSource(v4));
        Assert.Equal(UdpSource.V6(3, 4, 0), UdpMapping.ToSource(v6));
    }

    [Fact]
    public void NoSourceIsNone()
    {
        var message = new ReceivedMessage { Remote = UdpAddress.V4(0xC0000201, 51820) };

        Endpoint endpoint = UdpMapping.ToEndpoint(message);

        Assert.True(endpoint.Source.IsNone);
        Assert.True(UdpMapping.ToSource(endpoint).IsNone);
    }
}
