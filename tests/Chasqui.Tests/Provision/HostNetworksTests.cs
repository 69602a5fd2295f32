using Chasqui.Core.Wire;
using Chasqui.Provision;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Provision;

public sealed class HostNetworksTests
{
    [Fact]
    public void ReadsAddressesAndRoutesOfTheNamespaceItIsIn()
    {
        using Sandbox sandbox = new();
        sandbox.Ip("link add veth1 type veth peer name veth2");
        sandbox.Ip("address add 10.77.1.1/24 dev veth1"); // down: it has an address and no route
        sandbox.Ip("link set veth2 up");
        sandbox.Ip("link set veth1 up");
        sandbox.Ip("route add 10.99.0.0/16 via 10.77.1.2");
        sandbox.Ip("link set veth2 down");

        IReadOnlyList<IpPrefix> networks = sandbox.Run(HostNetworks.ReadNetworks);

        Assert.Contains(TestDevice.Prefix("10.77.1.0/24"), networks);
        Assert.Contains(TestDevice.Prefix("10.99.0.0/16"), networks);
        Assert.Contains(TestDevice.Prefix("127.0.0.0/8"), networks);
    }

    [Fact]
    public void ReadsThePortsOfSocketsOfBothFamilies()
    {
        using Sandbox sandbox = new();
        using System.Net.Sockets.Socket socket = TestDevice.Occupy(sandbox, 51820);

        Assert.Equal([(ushort)51820], sandbox.Run(HostNetworks.ReadUdpPorts));
    }

    [Fact]
    public void FindsTheAddressOfTheDefaultRoute()
    {
        using Sandbox sandbox = new();
        Assert.True(sandbox.Run(HostNetworks.FindOwnAddress).IsNone);
        sandbox.Ip("link add veth1 type veth peer name veth2");
        sandbox.Ip("address add 2001:db8:1::5/64 dev veth1 nodad");
        sandbox.Ip("link set veth1 up");
        sandbox.Ip("link set veth2 up");
        sandbox.Ip("-6 route add default via 2001:db8:1::1");
        Assert.Equal("2001:db8:1::5", sandbox.Run(HostNetworks.FindOwnAddress).ToString());

        sandbox.Ip("address add 192.168.7.5/24 dev veth1");
        sandbox.Ip("route add default via 192.168.7.1");

        Assert.Equal("192.168.7.5", sandbox.Run(HostNetworks.FindOwnAddress).ToString());
    }
}
