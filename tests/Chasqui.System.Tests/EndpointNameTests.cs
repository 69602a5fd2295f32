using System.Diagnostics;
using System.Net;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>A client whose server is called by its name, and a name server that the test holds in its hands.</summary>
public sealed class EndpointNameTests : SystemTest
{
    private const string ServerName = "vpn.test";
    private const string Inner = "192.168.241.2";
    private const int ServerPort = 20000;

    private static readonly IPAddress Home4 = IPAddress.Parse("10.0.0.2"), Home6 = IPAddress.Parse("fd00:aa::2");
    private static readonly IPAddress New4 = IPAddress.Parse("10.0.0.3"), Nowhere4 = IPAddress.Parse("10.0.0.99"), Nowhere6 = IPAddress.Parse("fd00:aa::99");

    private readonly WgKey _clientKey = WgKey.Generate(), _serverKey = WgKey.Generate();

    public static TheoryData<Implementation> Servers => [Implementation.Chasqui, Implementation.WireguardGo];

    [Theory]
    [MemberData(nameof(Servers))]
    public void FindsAServerThatCameBackElsewhere(Implementation server)
    {
        var scene = BuildScene();
        var daemon = StartServer(scene, server);
        scene.Names.Set(ServerName, 3600, Home4);
        scene.Quick.Up(Configuration());
        Poll.Until(() => scene.Client.Ping(Inner), "no traffic");

        daemon.Dispose();
        scene.Server.Ip("addr del 10.0.0.2/24 dev veth2");
        scene.Server.Ip("addr add 10.0.0.3/24 dev veth2");
        scene.Names.Set(ServerName, 3600, New4);
        StartServer(scene, server);

        // Fifteen seconds of unanswered data, a question, and the next initiation.
        var clock = Stopwatch.StartNew();
        Poll.Until(() => scene.Client.Ping(Inner), "the server is not found again", TimeSpan.FromSeconds(40));
        Figure($"found again after {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Equal($"10.0.0.3:{ServerPort}", scene.Wg.Endpoint(_serverKey.Public));
    }

    [Fact]
    public void ComesUpBeforeItsNameResolvesAndConnectsWhenItDoes()
    {
        var scene = BuildScene();
        StartServer(scene, Implementation.Chasqui);
        scene.Names.IsSilent = true;

        var clock = Stopwatch.StartNew();
        scene.Quick.Up(Configuration());

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"up took {clock.Elapsed.TotalSeconds:F1} s");
        Assert.True(scene.Client.HasLink(scene.Quick.Interface));
        Assert.Equal("(none)", scene.Wg.Endpoint(_serverKey.Public));
        scene.Names.Set(ServerName, 60, Home4);
        scene.Names.IsSilent = false;
        Poll.Until(() => scene.Wg.Transfer(_serverKey.Public).Received > 0, "no handshake by itself", TimeSpan.FromSeconds(15));
        Assert.True(scene.Client.Ping(Inner));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneDeadFamilyCostsNothing(bool isV6Dead)
    {
        var scene = BuildScene();
        StartServer(scene, Implementation.Chasqui);
        scene.Names.Set(ServerName, 60, isV6Dead ? [Home4, Nowhere6] : [Nowhere4, Home6]);

        scene.Quick.Up(Configuration());

        Poll.Until(() => scene.Client.Ping(Inner), "the family that works is not found", TimeSpan.FromSeconds(4));
        Assert.StartsWith(isV6Dead ? "10.0.0.2:" : "[fd00:aa::2]:", scene.Wg.Endpoint(_serverKey.Public), StringComparison.Ordinal);
    }

    [Fact]
    public void AChangeOfTheNameLeavesASessionThatWorksAlone()
    {
        var scene = BuildScene();
        scene.Server.Ip("addr add 10.0.0.3/24 dev veth2");
        StartServer(scene, Implementation.Chasqui);
        scene.Names.Set(ServerName, 1, Home4);
        scene.Quick.Up(Configuration());
        Poll.Until(() => scene.Client.Ping(Inner), "no traffic");
        var handshake = scene.Wg.Show("latest-handshakes").Text;

        scene.Names.Set(ServerName, 1, New4);
        var before = scene.Names.Queries;

        // The shortest time to live that counts is half a minute.
        Poll.Until(() => scene.Client.Ping(Inner) && scene.Names.Queries > before, "the name is not asked for again", TimeSpan.FromSeconds(45));
        Assert.True(scene.Client.Ping(Inner));
        Assert.Equal($"10.0.0.2:{ServerPort}", scene.Wg.Endpoint(_serverKey.Public));
        Assert.Equal(handshake, scene.Wg.Show("latest-handshakes").Text);
    }

    [Fact]
    public void ADaemonThatKnowsNoNamesIsConfiguredAsByWgQuick()
    {
        var scene = BuildScene(Implementation.WireguardGo);
        StartServer(scene, Implementation.Chasqui);
        scene.Names.Set(ServerName, 60, Home4);

        scene.Quick.Up(Configuration());

        Poll.Until(() => scene.Client.Ping(Inner), "no traffic");
        Assert.Equal($"10.0.0.2:{ServerPort}", scene.Wg.Endpoint(_serverKey.Public));
    }

    [Fact]
    public void TheNameIsInTheAnswerAndStockDoesNotSeeIt()
    {
        var scene = BuildScene();
        scene.Names.Set(ServerName, 60, Home4);
        scene.Quick.Up(Configuration());

        Assert.Equal([$"{ServerName}:{ServerPort}"], UapiClient.Get(scene.Quick.Interface).All("endpoint_name"));
        Assert.DoesNotContain(ServerName, scene.Wg.Show("dump").Text + scene.Wg.ShowConf(), StringComparison.Ordinal);

        scene.Wg.Set($"peer {_serverKey.Public} endpoint 10.0.0.3:5");
        Assert.Empty(UapiClient.Get(scene.Quick.Interface).All("endpoint_name"));
    }

    private Scene BuildScene(Implementation client = Implementation.Chasqui)
    {
        Programs.Require(client, Implementation.Chasqui);
        var (home, host) = (NewNamespace(), NewNamespace());
        NetworkNamespace.Join(home, "veth1", host, "veth2");
        home.Ip("addr add 10.0.0.1/24 dev veth1");
        home.Ip("addr add fd00:aa::1/96 dev veth1 nodad");
        host.Ip("addr add 10.0.0.2/24 dev veth2");
        host.Ip("addr add fd00:aa::2/96 dev veth2 nodad");
        var names = Own(NameServer.Start(home));
        var quick = Own(new WgQuick(client, home, [Programs.PathOf(Implementation.Chasqui)]));
        return new Scene(home, host, names, quick);
    }

    /// <summary>A server that does not know where its client is.</summary>
    private Daemon StartServer(Scene scene, Implementation implementation)
    {
        var daemon = NewDaemon(implementation, scene.Server);
        scene.Server.Ip($"addr add {Inner}/24 dev {daemon.Interface}");
        new Wg(daemon.Interface).SetConf(
            $"""
            [Interface]
            PrivateKey = {_serverKey.Private}
            ListenPort = {ServerPort}
            [Peer]
            PublicKey = {_clientKey.Public}
            AllowedIPs = 192.168.241.1/32

            """);
        scene.Server.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => scene.Server.UdpPorts().Contains(ServerPort), "the server does not listen");
        return daemon;
    }

    private string Configuration() =>
        $"""
        [Interface]
        Address = 192.168.241.1/24
        PrivateKey = {_clientKey.Private}
        Table = off
        [Peer]
        PublicKey = {_serverKey.Public}
        Endpoint = {ServerName}:{ServerPort}
        AllowedIPs = {Inner}/32
        PersistentKeepalive = 25

        """;

    private sealed record Scene(NetworkNamespace Client, NetworkNamespace Server, NameServer Names, WgQuick Quick)
    {
        public Wg Wg => new(Quick.Interface);
    }
}
