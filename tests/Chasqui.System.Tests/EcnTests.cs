using System.Net;
using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Congestion marks cross the tunnel both ways (RFC 3168 as the kernel does), nothing else of the inner traffic class does.</summary>
public sealed class EcnTests : SystemTest
{
    private const string Gap = "it knows no ECN and marks no handshake";
    private const byte HandshakeClass = 0x88;
    private const byte Expedited = 0xb8;
    private const byte Ect0 = 2;
    private const byte CongestionExperienced = 3;
    private const int InnerPort = 1111;

    [Theory]
    [MemberData(nameof(PairsOverBothFamilies))]
    public void CopiesTheInnerMarkOutWithoutTheCodePoint(Implementation a, Implementation b, AddressFamily outer)
    {
        Programs.SkipKnownGap(a, Implementation.WireguardGo, Gap);
        var tunnel = Own(Tunnel.UpOverVeth(a, b, outer));
        foreach (var target in new[] { tunnel.B.Inner4, tunnel.B.Inner6 })
        {
            for (byte mark = 0; mark <= CongestionExperienced; mark++)
            {
                using var capture = PacketCapture.Start(tunnel.A.Home, tunnel.A.Port);
                SendMarked(tunnel.A, target, (byte)(Expedited | mark));
                var packet = capture.WaitFor(packet => packet.IsOutgoing && packet.MessageType == 4 && !packet.IsKeepalive, "data packet");
                // The kernel tells the path that the flow can be marked, not that it was: what is marked inside has been told already.
                Assert.Equal(mark == CongestionExperienced ? Ect0 : mark, packet.TrafficClass);
            }
        }
    }

    [Theory]
    [MemberData(nameof(PairsOverBothFamilies))]
    public void CopiesCongestionOnThePathIn(Implementation a, Implementation b, AddressFamily outer)
    {
        Programs.SkipKnownGap(b, Implementation.WireguardGo, Gap);
        Programs.RequireTool("nft");
        var tunnel = Own(Tunnel.UpOverVeth(a, b, outer));
        tunnel.B.Home.Run("nft add table inet path");
        tunnel.B.Home.Run("nft add chain inet path congest { type filter hook prerouting priority -150 ; }");
        var header = outer == AddressFamily.InterNetwork ? "ip" : "ip6";
        tunnel.B.Home.Run($"nft add rule inet path congest udp dport {tunnel.B.Port} {header} ecn set ce");
        foreach (var target in new[] { tunnel.B.Inner4, tunnel.B.Inner6 })
        {
            Assert.Equal(CongestionExperienced, Arrived(tunnel, target, Ect0));
            Assert.Equal(Expedited | CongestionExperienced, Arrived(tunnel, target, Expedited | Ect0));
            Assert.Equal(0, Arrived(tunnel, target, 0));
        }
    }

    [Theory]
    [MemberData(nameof(PairsOverBothFamilies))]
    public void MarksHandshakesAndLeavesKeepalivesPlain(Implementation a, Implementation b, AddressFamily outer)
    {
        Programs.SkipKnownGap(a, Implementation.WireguardGo, Gap);
        var tunnel = Own(Tunnel.UpOverVeth(a, b, outer));
        using var capture = PacketCapture.Start(tunnel.A.Home, tunnel.A.Port);

        tunnel.A.DropSessions();
        tunnel.A.AssertReaches(tunnel.B);
        tunnel.B.DropSessions();
        tunnel.B.AssertReaches(tunnel.A);
        tunnel.A.SetPeer(tunnel.B, "persistent-keepalive 100");

        bool FromA(OuterPacket packet) => packet.IsOutgoing && packet.SourcePort == tunnel.A.Port;
        Assert.Equal(HandshakeClass, capture.WaitFor(packet => FromA(packet) && packet.MessageType == 1, "initiation").TrafficClass);
        Assert.Equal(HandshakeClass, capture.WaitFor(packet => FromA(packet) && packet.MessageType == 2, "response").TrafficClass);
        Assert.Equal(0, capture.WaitFor(packet => FromA(packet) && packet.IsKeepalive, "keepalive").TrafficClass);
    }

    private static byte Arrived(Tunnel tunnel, string target, byte trafficClass)
    {
        using var capture = PacketCapture.Start(tunnel.B.Home, InnerPort);
        SendMarked(tunnel.A, target, trafficClass);
        return capture.WaitFor(packet => !packet.IsOutgoing && packet.DestinationPort == InnerPort, "inner packet").TrafficClass;
    }

    private static void SendMarked(TunnelEnd from, string target, byte trafficClass)
    {
        // linux/in6.h
        const int Ipv6Level = 41;
        const int Ipv6TrafficClass = 67;
        var address = IPAddress.Parse(target);
        using var socket = from.Home.UdpSocket(address.AddressFamily == AddressFamily.InterNetwork ? from.Inner4 : from.Inner6);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.TypeOfService, trafficClass);
        }
        else
        {
            socket.SetRawSocketOption(Ipv6Level, Ipv6TrafficClass, BitConverter.GetBytes((int)trafficClass));
        }

        socket.SendTo(new byte[100], new IPEndPoint(address, InnerPort));
    }
}
