using System.Net;
using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Strangers send rubbish to the port: no answer, no harm, and the traffic goes on.</summary>
public sealed class HostileDatagramTests : SystemTest
{
    private const int Seed = 8249;

    /// <summary>Type bytes with the lengths that their messages have, one less and one more.</summary>
    private static readonly (byte Type, int Length)[] Shapes =
    [
        (1, 148), (1, 147), (1, 149), (2, 92), (2, 91), (2, 93), (3, 64), (3, 63), (3, 65), (4, 32), (4, 31), (4, 16), (4, 1500), (4, 65507),
        (0, 148), (5, 148), (255, 32), (1, 1), (4, 1), (4, 15), (4, 33), (1, 65507),
    ];

    [Theory]
    [MemberData(nameof(Daemons))]
    public void AreMetWithSilence(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        var random = new Random(Seed);
        foreach (var (local, target) in new[] { ("127.0.0.1", $"127.0.0.1:{tunnel.A.Port}"), ("::1", $"[::1]:{tunnel.A.Port}") })
        {
            using var stranger = tunnel.A.Daemon.Birth.UdpSocket(local);
            stranger.SendTo([], IPEndPoint.Parse(target));
            foreach (var (type, length) in Shapes)
            {
                stranger.SendTo(Rubbish(random, type, length), IPEndPoint.Parse(target));
            }

            tunnel.A.AssertReaches(tunnel.B);
            Assert.False(stranger.Poll(100_000, SelectMode.SelectRead), $"an answer to a stranger, seed {Seed}");
        }

        Assert.Equal($"127.0.0.1:{tunnel.B.Port}", tunnel.A.EndpointOf(tunnel.B));
        tunnel.A.Daemon.AssertRunning();
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void InMassesDoNotStopTheTraffic(Implementation implementation)
    {
        const int Datagrams = 20000;
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        using var stranger = tunnel.A.Daemon.Birth.UdpSocket("127.0.0.1");
        var target = IPEndPoint.Parse($"127.0.0.1:{tunnel.A.Port}");
        var before = ProcessTable.Memory(tunnel.A.Daemon.ProcessId, "VmRSS");

        var flood = new Thread(() =>
        {
            var random = new Random(Seed);
            for (var i = 0; i < Datagrams; i++)
            {
                var (type, length) = Shapes[random.Next(Shapes.Length)];
                stranger.SendTo(Rubbish(random, type, Math.Min(length, 1500)), target);
            }
        });
        flood.Start();
        Transfers.Tcp(tunnel.B.Home, tunnel.A.Home, tunnel.A.Inner4, 1 << 20);
        flood.Join();

        var growth = ProcessTable.Memory(tunnel.A.Daemon.ProcessId, "VmRSS") - before;
        Figure($"{Datagrams} hostile datagrams: RSS of {tunnel.A} grew by {growth >> 10} KB, seed {Seed}");
        tunnel.A.AssertReaches(tunnel.B);
        Assert.False(stranger.Poll(100_000, SelectMode.SelectRead), $"an answer to a stranger, seed {Seed}");
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ThatReplayAnInitiationAreNotAnswered(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        using var capture = PacketCapture.Start(tunnel.A.Daemon.Birth, tunnel.A.Port);
        tunnel.B.DropSessions();
        tunnel.B.AssertReaches(tunnel.A);
        var initiation = capture.WaitFor(packet => packet.MessageType == 1 && packet.DestinationPort == tunnel.A.Port, "initiation");

        AssertReplayIsIgnored(tunnel, initiation.Payload);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ThatReplayDataDoNotRoam(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        using var capture = PacketCapture.Start(tunnel.A.Daemon.Birth, tunnel.A.Port);
        tunnel.B.AssertReaches(tunnel.A);
        var data = capture.WaitFor(packet => packet.MessageType == 4 && packet.DestinationPort == tunnel.A.Port, "data packet");
        var counters = tunnel.A.LinkCounters();

        AssertReplayIsIgnored(tunnel, data.Payload);
        Assert.Equal(counters.ReceivedPackets + 1, tunnel.A.LinkCounters().ReceivedPackets);
    }

    private static void AssertReplayIsIgnored(Tunnel tunnel, byte[] message)
    {
        using var stranger = tunnel.A.Daemon.Birth.UdpSocket("127.0.0.1");
        stranger.SendTo(message, IPEndPoint.Parse($"127.0.0.1:{tunnel.A.Port}"));
        tunnel.A.AssertReaches(tunnel.B);
        Assert.False(stranger.Poll(100_000, SelectMode.SelectRead), "a replay is answered");
        Assert.Equal($"127.0.0.1:{tunnel.B.Port}", tunnel.A.EndpointOf(tunnel.B));
    }

    private static byte[] Rubbish(Random random, byte type, int length)
    {
        var datagram = new byte[length];
        random.NextBytes(datagram);
        datagram[0] = type;
        datagram.AsSpan(1, Math.Min(3, length - 1)).Clear();
        return datagram;
    }
}
