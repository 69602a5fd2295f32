using System.Net;
using System.Net.Sockets;
using System.Text;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>A peer may only send from the addresses that the longest prefix gives to it.</summary>
/// <remarks>
/// That a packet does not arrive is shown by one that follows it through the same session and does: no waiting for silence.
/// </remarks>
public sealed class CryptoRoutingTests : SystemTest
{
    private const string Spare = "192.168.241.77";
    private const string Blocked = "blocked";
    private const string Marker = "marker";

    [Theory]
    [MemberData(nameof(Pairs))]
    public void BlocksASourceThatAMoreSpecificPeerOwns(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        tunnel.A.SetPeer(tunnel.B, "allowed-ips 192.168.241.0/24");
        AddSpareAddress(tunnel.B);
        using var inbox = tunnel.A.Home.UdpSocket(tunnel.A.Inner4, 1111);
        Send(tunnel.B, tunnel.B.Inner4, inbox, "allowed");
        Assert.Equal("allowed", Receive(inbox));

        tunnel.A.Wg.Set($"peer {WgKey.Random()} allowed-ips {tunnel.B.Inner4}/32");
        tunnel.B.Wg.Set("listen-port 9997");
        Send(tunnel.B, tunnel.B.Inner4, inbox, Blocked);
        Send(tunnel.B, Spare, inbox, Marker);

        Assert.Equal(Marker, Receive(inbox));
        Assert.Equal("127.0.0.1:9997", tunnel.A.EndpointOf(tunnel.B));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void RoamsEvenWhenTheInnerPacketIsRefused(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        AddSpareAddress(tunnel.B);
        using var inbox = tunnel.A.Home.UdpSocket(tunnel.A.Inner4, 1111);
        tunnel.B.Wg.Set("listen-port 9996");

        Send(tunnel.B, Spare, inbox, Blocked);

        Poll.Until(() => tunnel.A.EndpointOf(tunnel.B) == "127.0.0.1:9996", "the endpoint does not follow an authentic packet");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void BlocksASourceThatNobodyOwns(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        AddSpareAddress(tunnel.B);
        using var inbox = tunnel.A.Home.UdpSocket(tunnel.A.Inner4, 1111);

        Send(tunnel.B, Spare, inbox, Blocked);
        Send(tunnel.B, tunnel.B.Inner4, inbox, Marker);

        Assert.Equal(Marker, Receive(inbox));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void BlocksAnIpv6SourceThatNobodyOwns(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        tunnel.B.Home.Ip($"addr add fd00:241::77/64 dev {tunnel.B.Interface} nodad");
        using var inbox = tunnel.A.Home.UdpSocket(tunnel.A.Inner6, 1111);

        Send(tunnel.B, "fd00:241::77", inbox, Blocked);
        Send(tunnel.B, tunnel.B.Inner6, inbox, Marker);

        Assert.Equal(Marker, Receive(inbox));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void CarriesNothingWithAWrongAllowedAddress(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));

        tunnel.A.SetPeer(tunnel.B, "allowed-ips 192.168.241.99/32");
        tunnel.A.AssertDoesNotReach(tunnel.B);
        tunnel.B.AssertDoesNotReach(tunnel.A);

        tunnel.A.SetPeer(tunnel.B, $"allowed-ips {tunnel.B.Inner4}/32");
        tunnel.B.AssertReaches(tunnel.A);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void IsSilentToAnUnknownPeer(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        tunnel.A.SetPeer(tunnel.B, "remove");
        tunnel.B.DropSessions();
        using var capture = PacketCapture.Start(tunnel.A.Daemon.Birth, tunnel.A.Port);

        tunnel.B.AssertDoesNotReach(tunnel.A);

        Assert.Contains(capture.Packets, packet => packet.MessageType == 1 && packet.DestinationPort == tunnel.A.Port);
        Assert.DoesNotContain(capture.Packets, packet => packet.SourcePort == tunnel.A.Port);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TakesAnAddressFromOnePeerWhenAnotherGetsIt(Implementation a, Implementation b)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(a, b));
        var taker = WgKey.Random();

        tunnel.A.Wg.Set($"peer {taker} allowed-ips {tunnel.B.Inner4}/32");

        Assert.Equal([$"{tunnel.B.Inner6}/128"], tunnel.A.Wg.AllowedIps(tunnel.B.Key.Public));
        Assert.Equal([$"{tunnel.B.Inner4}/32"], tunnel.A.Wg.AllowedIps(taker));
        tunnel.A.AssertDoesNotReach(tunnel.B);
        tunnel.A.AssertReaches6(tunnel.B);
    }

    private static void AddSpareAddress(TunnelEnd end) => end.Home.Ip($"addr add {Spare}/24 dev {end.Interface}");

    private static void Send(TunnelEnd from, string source, Socket inbox, string text) =>
        Transfers.SendOne(from.Home, source, (IPEndPoint)inbox.LocalEndPoint!, Encoding.ASCII.GetBytes(text));

    private static string Receive(Socket inbox)
    {
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, inbox.Receive(buffer));
    }
}
