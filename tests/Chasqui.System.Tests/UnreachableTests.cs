using System.Net;
using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The inner sender hears at once that a packet has no peer, or its peer no endpoint. wireguard-go drops such packets in silence.</summary>
public sealed class UnreachableTests : SystemTest
{
    [Theory]
    [InlineData("10.1.0.1", "no peer")]
    [InlineData("10.2.0.1", "no endpoint")]
    [InlineData("fd01::1", "no peer")]
    [InlineData("fd02::1", "no endpoint")]
    public void TellsTheSenderThatAHostIsUnreachable(string target, string reason)
    {
        var host = BuildHost();
        using var socket = host.TcpSocket(IPAddress.Parse(target).AddressFamily);

        var refusal = Assert.Throws<SocketException>(() => socket.Connect(IPEndPoint.Parse(target.Contains(':') ? $"[{target}]:9" : $"{target}:9")));

        Assert.True(refusal.SocketErrorCode == SocketError.HostUnreachable, $"{reason}: {refusal.SocketErrorCode}");
    }

    [Theory]
    [InlineData("10.1.0.1", "Destination Host Unreachable")]
    [InlineData("fd01::1", "Address unreachable")]
    public void NamesTheReasonToPing(string target, string words)
    {
        var host = BuildHost();

        var answer = host.Try($"ping -n -c 1 -W 1 {target}");

        Assert.Contains(words, answer.Output, StringComparison.Ordinal);
    }

    private NetworkNamespace BuildHost()
    {
        Programs.Require(Implementation.Chasqui);
        var host = NewNamespace();
        var daemon = NewDaemon(Implementation.Chasqui, host);
        new Wg(daemon.Interface).SetConf(
            $"""
            [Interface]
            PrivateKey = {WgKey.Generate().Private}
            [Peer]
            PublicKey = {WgKey.Random()}
            AllowedIPs = 10.2.0.0/16, fd02::/16

            """);
        host.Ip($"addr add 192.168.241.1/24 dev {daemon.Interface}");
        host.Ip($"addr add fd00:241::1/64 dev {daemon.Interface} nodad");
        host.Ip($"link set {daemon.Interface} up");
        foreach (var route in new[] { "10.1.0.0/16", "10.2.0.0/16", "fd01::/16", "fd02::/16" })
        {
            host.Ip($"{(route.Contains(':') ? "-6 " : "")}route add {route} dev {daemon.Interface}");
        }

        Poll.Until(() => UapiClient.Get(daemon.Interface).All("listen_port") is [not "0"], "the device does not come up");
        return host;
    }
}
