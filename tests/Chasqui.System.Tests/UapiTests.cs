using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>The text protocol of the UAPI socket, line by line.</summary>
public sealed class UapiTests : SystemTest
{
    /// <summary>A peer's section in the order that every client has seen since the first daemon.</summary>
    private static readonly string[] PeerOrder =
    [
        "public_key", "preshared_key", "protocol_version", "endpoint", "last_handshake_time_sec", "last_handshake_time_nsec",
        "tx_bytes", "rx_bytes", "persistent_keepalive_interval", "allowed_ip", "allowed_ip",
    ];

    [Theory]
    [MemberData(nameof(Daemons))]
    public void AnswersGetInTheKnownOrder(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        tunnel.A.Wg.Set("fwmark 5");
        var peer = WgKey.Hex(tunnel.B.Key.Public);

        var reply = UapiClient.Get(tunnel.A.Interface);

        Assert.Equal(0, reply.Errno);
        Assert.Equal(["private_key", "listen_port", "fwmark", .. PeerOrder], reply.Lines.Select(line => line.Key));
        Assert.Equal(WgKey.Hex(tunnel.A.Key.Private), reply.All("private_key").Single());
        Assert.Equal($"{tunnel.A.Port}", reply.All("listen_port").Single());
        Assert.Equal("5", reply.All("fwmark").Single());
        Assert.Equal(new string('0', 64), reply.Of(peer, "preshared_key"));
        Assert.Equal("1", reply.Of(peer, "protocol_version"));
        Assert.Equal($"127.0.0.1:{tunnel.B.Port}", reply.Of(peer, "endpoint"));
        Assert.Equal("0", reply.Of(peer, "persistent_keepalive_interval"));
        Assert.Equal(
            [$"{tunnel.B.Inner4}/32", $"{tunnel.B.Inner6}/128"],
            reply.AllOf(peer, "allowed_ip").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void LeavesOutWhatIsNotSet(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var peer = WgKey.Hex(WgKey.Random());
        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={peer}").Errno);

        var reply = UapiClient.Get(daemon.Interface);

        Assert.Empty(reply.All("private_key"));
        Assert.Empty(reply.All("fwmark"));
        Assert.Equal(PeerOrder.Where(key => key is not ("endpoint" or "allowed_ip")), reply.Section(peer));
        Assert.Equal("0", reply.Of(peer, "last_handshake_time_sec"));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ServesSeveralOperationsOnAConnection(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        using var client = UapiClient.Connect(daemon.Interface);

        for (var mark = 1; mark <= 3; mark++)
        {
            Assert.Equal(0, client.Exchange($"set=1\nfwmark={mark}\n\n").Errno);
            Assert.Equal($"{mark}", client.Exchange("get=1\n\n").All("fwmark").Single());
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ServesOperationsThatArriveTogether(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "its scanner swallows what follows a set");
        var daemon = NewDaemon(implementation, NewNamespace());
        UapiClient.Set(daemon.Interface, "fwmark=3");
        using var client = UapiClient.Connect(daemon.Interface);

        client.Send("get=1\n\nset=1\nfwmark=9\n\nget=1\n\n");
        Assert.Equal("3", client.Read()!.All("fwmark").Single());
        Assert.Equal(0, client.Read()!.Errno);
        Assert.Equal("9", client.Read()!.All("fwmark").Single());
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void KeepsSessionAndCountersOfAModifiedPeer(Implementation implementation)
    {
        var tunnel = Own(Tunnel.UpOverLoopback(implementation, implementation));
        var peer = WgKey.Hex(tunnel.B.Key.Public);
        var before = UapiClient.Get(tunnel.A.Interface);
        using var capture = PacketCapture.Start(tunnel.A.Daemon.Birth, tunnel.A.Port);

        Assert.Equal(0, UapiClient.Set(
            tunnel.A.Interface,
            $"public_key={peer}",
            $"preshared_key={WgKey.Hex(WgKey.Random())}",
            $"endpoint=127.0.0.1:{tunnel.B.Port}",
            "persistent_keepalive_interval=100",
            "replace_allowed_ips=true",
            $"allowed_ip={tunnel.B.Inner4}/32",
            "allowed_ip=10.0.0.0/8").Errno);

        tunnel.A.AssertReaches(tunnel.B);
        var after = UapiClient.Get(tunnel.A.Interface);
        Assert.Equal(before.Of(peer, "last_handshake_time_nsec"), after.Of(peer, "last_handshake_time_nsec"));
        Assert.True(long.Parse(after.Of(peer, "rx_bytes")!) > long.Parse(before.Of(peer, "rx_bytes")!));
        Assert.True(long.Parse(after.Of(peer, "tx_bytes")!) > long.Parse(before.Of(peer, "tx_bytes")!));
        Assert.DoesNotContain(capture.Packets, packet => packet.MessageType == 1);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ReplacesAllowedIpsOnlyWhenTold(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var peer = WgKey.Hex(WgKey.Random());

        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={peer}", "allowed_ip=10.1.0.0/16").Errno);
        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={peer}", "allowed_ip=fd01::/16").Errno);
        Assert.Equal(["10.1.0.0/16", "fd01::/16"], AllowedIps(daemon, peer));

        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={peer}", "replace_allowed_ips=true", "allowed_ip=10.2.3.4/24").Errno);
        Assert.Equal(["10.2.3.0/24"], AllowedIps(daemon, peer));

        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={peer}", "replace_allowed_ips=true").Errno);
        Assert.Empty(AllowedIps(daemon, peer));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void RemovesSingleAllowedIps(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "releases before 2025 know no removal");
        var daemon = NewDaemon(implementation, NewNamespace());
        var (peer, other) = (WgKey.Hex(WgKey.Random()), WgKey.Hex(WgKey.Random()));
        UapiClient.Set(
            daemon.Interface,
            $"public_key={peer}", "allowed_ip=10.1.0.0/16", "allowed_ip=10.1.1.0/24", "allowed_ip=fd01::/16",
            $"public_key={other}", "allowed_ip=10.3.0.0/16");

        Assert.Equal(0, UapiClient.Set(
            daemon.Interface, $"public_key={peer}", "allowed_ip=-10.1.0.0/16", "allowed_ip=-fd01::/16", "allowed_ip=-10.3.0.0/16").Errno);

        Assert.Equal(["10.1.1.0/24"], AllowedIps(daemon, peer));
        Assert.Equal(["10.3.0.0/16"], AllowedIps(daemon, other));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void UpdatesOnlyPeersThatExistWhenTold(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var (known, unknown) = (WgKey.Hex(WgKey.Random()), WgKey.Hex(WgKey.Random()));
        UapiClient.Set(daemon.Interface, $"public_key={known}");

        Assert.Equal(0, UapiClient.Set(
            daemon.Interface,
            $"public_key={unknown}", "update_only=true", "allowed_ip=10.1.0.0/16",
            $"public_key={known}", "update_only=true", "allowed_ip=10.2.0.0/16").Errno);

        Assert.Equal([known], UapiClient.Get(daemon.Interface).All("public_key"));
        Assert.Equal(["10.2.0.0/16"], AllowedIps(daemon, known));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void RemovesAndReplacesPeers(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var (first, second, third) = (WgKey.Hex(WgKey.Random()), WgKey.Hex(WgKey.Random()), WgKey.Hex(WgKey.Random()));
        UapiClient.Set(daemon.Interface, $"public_key={first}", $"public_key={second}");

        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={first}", "remove=true", $"public_key={third}").Errno);
        Assert.Equal(new[] { second, third }.Order(), UapiClient.Get(daemon.Interface).All("public_key").Order());

        Assert.Equal(0, UapiClient.Set(daemon.Interface, $"public_key={WgKey.Hex(WgKey.Random())}", "remove=true").Errno);
        Assert.Equal(0, UapiClient.Set(daemon.Interface, "replace_peers=true", $"public_key={first}").Errno);
        Assert.Equal([first], UapiClient.Get(daemon.Interface).All("public_key"));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void GivesNoPeerWhatWasSaidOfAnother(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var (first, second) = (WgKey.Hex(WgKey.Random()), WgKey.Hex(WgKey.Random()));
        var presharedKey = WgKey.Hex(WgKey.Random());

        Assert.Equal(0, UapiClient.Set(
            daemon.Interface,
            $"public_key={first}", $"preshared_key={presharedKey}", "endpoint=192.0.2.1:1", "persistent_keepalive_interval=7",
            $"public_key={second}").Errno);

        var reply = UapiClient.Get(daemon.Interface);
        Assert.Equal(presharedKey, reply.Of(first, "preshared_key"));
        Assert.Equal(new string('0', 64), reply.Of(second, "preshared_key"));
        Assert.Null(reply.Of(second, "endpoint"));
        Assert.Equal("0", reply.Of(second, "persistent_keepalive_interval"));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void PutsTwoSectionsOfAPeerTogether(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var (peer, other) = (WgKey.Hex(WgKey.Random()), WgKey.Hex(WgKey.Random()));

        Assert.Equal(0, UapiClient.Set(
            daemon.Interface,
            $"public_key={peer}", "allowed_ip=10.1.0.0/16", $"public_key={other}", $"public_key={peer}", "allowed_ip=10.2.0.0/16").Errno);

        Assert.Equal(["10.1.0.0/16", "10.2.0.0/16"], AllowedIps(daemon, peer));
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void KeepsItsSocketToItself(Implementation implementation)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var daemon = NewDaemon(implementation, NewNamespace());

        var socket = File.GetUnixFileMode(daemon.SocketPath);

        Assert.Equal(UnixFileMode.None, socket & Others);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, socket & (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(Folder, File.GetUnixFileMode(Daemon.SocketFolder));
    }

    private static IEnumerable<string> AllowedIps(Daemon daemon, string peer) =>
        UapiClient.Get(daemon.Interface).AllOf(peer, "allowed_ip").Order(StringComparer.Ordinal);
}
