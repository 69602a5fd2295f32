namespace Chasqui.System.Tests.Harness;

/// <summary>One end of a tunnel: a daemon, the namespace its interface is in, its key and its inner addresses.</summary>
internal sealed class TunnelEnd
{
    /// <summary>Longer than a lost initiation waits for its retry (5 s and a jitter).</summary>
    private static readonly TimeSpan AfterARetry = TimeSpan.FromSeconds(8);

    /// <summary>A peer refuses a second initiation within 20 ms (50 a second), so a forced handshake keeps this distance.</summary>
    private static readonly TimeSpan InitiationGap = TimeSpan.FromMilliseconds(50);

    public TunnelEnd(Implementation implementation, Daemon daemon, NetworkNamespace home, int number, int innerNet = 241)
    {
        Implementation = implementation;
        Daemon = daemon;
        Home = home;
        Inner4 = $"192.168.{innerNet}.{number}";
        Inner6 = $"fd00:{innerNet}::{number}";
        Port = number * 10000;
        Wg = new Wg(daemon.Interface);
    }

    public Implementation Implementation { get; }

    public Daemon Daemon { get; }

    public NetworkNamespace Home { get; }

    public WgKey Key { get; set; } = WgKey.Generate();

    public Wg Wg { get; }

    public string Inner4 { get; }

    public string Inner6 { get; }

    /// <summary>The port it is configured to listen on.</summary>
    public int Port { get; set; }

    public string Interface => Daemon.Interface;

    /// <summary>Gives the interface its addresses, its key and the other end as its only peer, and brings it up.</summary>
    public void Configure(TunnelEnd other, string? presharedKey, string? endpoint)
    {
        Daemon.AssertRunning();
        Home.Ip($"addr add {Inner4}/24 dev {Interface}");
        Home.Ip($"addr add {Inner6}/64 dev {Interface} nodad");
        Wg.SetConf(
            $"""
            [Interface]
            PrivateKey = {Key.Private}
            ListenPort = {Port}
            [Peer]
            PublicKey = {other.Key.Public}
            AllowedIPs = {other.Inner4}/32, {other.Inner6}/128
            {(presharedKey is null ? "" : "PresharedKey = " + presharedKey)}
            {(endpoint is null ? "" : "Endpoint = " + endpoint)}

            """);
        BringUp();
    }

    /// <summary>Brings the link up and waits until the daemon has opened its port.</summary>
    public void BringUp()
    {
        Home.Ip($"link set {Interface} up");
        WaitForPort();
    }

    /// <summary>Takes the link down and waits until the daemon has closed its port.</summary>
    public void TakeDown()
    {
        Home.Ip($"link set {Interface} down");
        Poll.Until(() => !Daemon.Birth.UdpPorts().Contains(Port), $"{Interface} is down and port {Port} still open\n{Daemon.Log}");
        Thread.Sleep(InitiationGap);
    }

    /// <summary>Drops every session, so that the next packet needs a handshake: its peers are removed and given again.</summary>
    public void DropSessions()
    {
        var configuration = Wg.ShowConf();
        foreach (var peer in Wg.Peers())
        {
            Wg.Set($"peer {peer} remove");
        }

        Wg.AddConf(configuration[configuration.IndexOf("[Peer]", StringComparison.Ordinal)..]);
        Thread.Sleep(InitiationGap);
    }

    public void WaitForPort() =>
        Poll.Until(() => Daemon.Birth.UdpPorts().Contains(Port), $"{Interface} does not listen on {Port}\n{Daemon.Log}");

    /// <summary>Sets something about the peer at the other end.</summary>
    public void SetPeer(TunnelEnd other, string arguments, string? secret = null) => Wg.Set($"peer {other.Key.Public} {arguments}", secret);

    public string EndpointOf(TunnelEnd other) => Wg.Endpoint(other.Key.Public);

    /// <summary>Waits for the first echo after a link came up; a daemon that ends meanwhile fails the test with its log.</summary>
    public void WaitUntilItReaches(TunnelEnd other)
    {
        var isReached = false;
        Poll.Try(
            () => (isReached = Home.Ping(other.Inner4)) || !Daemon.IsRunning || !other.Daemon.IsRunning,
            AfterARetry);
        Daemon.AssertRunning();
        other.Daemon.AssertRunning();
        Assert.True(isReached, $"{Interface} does not come to reach {other.Inner4}\n{Daemon.Log}{other.Daemon.Log}");
    }

    public void AssertReaches(TunnelEnd other) =>
        Assert.True(Home.Ping(other.Inner4), $"{Interface} does not reach {other.Inner4}\n{Daemon.Log}{other.Daemon.Log}");

    public void AssertReaches6(TunnelEnd other) =>
        Assert.True(Home.Ping(other.Inner6), $"{Interface} does not reach {other.Inner6}\n{Daemon.Log}{other.Daemon.Log}");

    public void AssertDoesNotReach(TunnelEnd other) => Assert.False(Home.Ping(other.Inner4), $"{Interface} reaches {other.Inner4}");

    /// <summary>The inner counters of the link: packets and bytes received and sent.</summary>
    public (long ReceivedBytes, long ReceivedPackets, long SentBytes, long SentPackets) LinkCounters()
    {
        var lines = Home.Ip($"-s link show {Interface}").Lines;
        var received = Command.Words(lines[Array.FindIndex(lines, line => line.StartsWith("RX:", StringComparison.Ordinal)) + 1]);
        var sent = Command.Words(lines[Array.FindIndex(lines, line => line.StartsWith("TX:", StringComparison.Ordinal)) + 1]);
        return (long.Parse(received[0]), long.Parse(received[1]), long.Parse(sent[0]), long.Parse(sent[1]));
    }

    public override string ToString() => $"{Implementation} {Interface}";
}
