using System.Text;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>Clients that are wrong, slow, endless or too many.</summary>
public sealed class UapiRobustnessTests : SystemTest
{
    private const string Peer = "public_key=0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

    /// <summary>Lines that end a set with an error, each after lines that are sound.</summary>
    private static readonly string[][] MalformedSets =
    [
        ["private_key=zz"],
        [$"private_key={new string('a', 62)}"],
        [$"private_key={new string('a', 66)}"],
        ["listen_port=65536"],
        ["listen_port=-1"],
        ["listen_port=x"],
        ["fwmark=x"],
        ["fwmark=4294967296"],
        ["replace_peers=false"],
        ["no_such_key=1"],
        ["line without a sign"],
        ["allowed_ip=10.0.0.0/8"],
        ["endpoint=192.0.2.1:1"],
        ["public_key=short"],
        [Peer, "preshared_key=short"],
        [Peer, "endpoint=192.0.2.1"],
        [Peer, "endpoint=192.0.2.1:65536"],
        [Peer, "endpoint=host.invalid:1"],
        [Peer, "persistent_keepalive_interval=65536"],
        [Peer, "persistent_keepalive_interval=-1"],
        [Peer, "allowed_ip=10.0.0.0/33"],
        [Peer, "allowed_ip=fd00::/129"],
        [Peer, "allowed_ip=10.0.0/8"],
        [Peer, "protocol_version=2"],
        [Peer, "remove=false"],
        [Peer, "update_only=false"],
        [Peer, "replace_allowed_ips=false"],
        [Peer, "fwmark2=1"],
    ];

    [Theory]
    [MemberData(nameof(Daemons))]
    public void RefusesAMalformedSetWhole(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var sound = WgKey.Hex(WgKey.Random());

        foreach (var lines in MalformedSets)
        {
            string[] before = lines[0] == Peer ? ["fwmark=77", $"public_key={sound}", "allowed_ip=10.7.0.0/16"] : ["fwmark=77"];
            var reply = UapiClient.Set(daemon.Interface, [.. before, .. lines]);

            Assert.True(reply.Errno < 0, $"{string.Join(" ", lines)}: errno {reply.Errno}");
            if (implementation == Implementation.Chasqui)
            {
                var after = UapiClient.Get(daemon.Interface);
                Assert.Empty(after.All("public_key"));
                Assert.Empty(after.All("fwmark"));
            }
        }

        daemon.AssertRunning();
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void AnswersOthersWhileAClientStallsInASet(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it holds its lock while it reads a set");
        var daemon = NewDaemon(implementation, NewNamespace());
        using var stalled = UapiClient.Connect(daemon.Interface);
        stalled.Send("set=1\nfwmark=5\n");

        Assert.Equal(0, UapiClient.Get(daemon.Interface).Errno);
        Assert.Equal(0, UapiClient.Set(daemon.Interface, "fwmark=6").Errno);
        Assert.Equal("6", UapiClient.Get(daemon.Interface).All("fwmark").Single());

        stalled.Send("\n");
        Assert.Equal(0, stalled.Read()!.Errno);
        Assert.Equal("5", UapiClient.Get(daemon.Interface).All("fwmark").Single());
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void AppliesNothingOfASetThatBreaksOff(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it applies line by line");
        var daemon = NewDaemon(implementation, NewNamespace());
        using (var client = UapiClient.Connect(daemon.Interface))
        {
            client.Send($"set=1\nfwmark=5\n{Peer}\n");
        }

        // The daemon has seen the end of that connection once it has answered on one that came after.
        for (var i = 0; i < 3; i++)
        {
            var reply = UapiClient.Get(daemon.Interface);
            Assert.Empty(reply.All("fwmark"));
            Assert.Empty(reply.All("public_key"));
        }
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void AnswersOthersWhileAClientDoesNotRead(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it holds its lock while it writes an answer");
        var daemon = NewDaemon(implementation, NewNamespace());
        UapiClient.Set(daemon.Interface, [Peer, .. Enumerable.Range(0, 20000).Select(i => $"allowed_ip=10.{i / 256}.{i % 256}.0/24")]);
        using var deaf = UapiClient.Connect(daemon.Interface);
        deaf.Send("get=1\n\n");
        deaf.Send("get=1\n\n");

        Assert.Equal(20000, UapiClient.Get(daemon.Interface).All("allowed_ip").Length);
        Assert.Equal(0, UapiClient.Set(daemon.Interface, "fwmark=6").Errno);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void BoundsALineThatNeverEnds(Implementation implementation)
    {
        Programs.SkipKnownGap(implementation, Implementation.WireguardGo, "it keeps a line of any length");
        const int Megabytes = 64;
        const long AllowedGrowth = 16L << 20;
        var daemon = NewDaemon(implementation, NewNamespace());
        UapiClient.Get(daemon.Interface);
        var before = ProcessTable.Memory(daemon.ProcessId, "VmRSS");
        var chunk = Encoding.ASCII.GetBytes(new string('a', 65536));
        using var endless = UapiClient.Connect(daemon.Interface);
        endless.Send("set=1\nprivate_key=");

        for (var i = 0; i < Megabytes * 16 && endless.TrySend(chunk); i++)
        {
            daemon.AssertRunning();
        }

        var growth = ProcessTable.Memory(daemon.ProcessId, "VmRSS") - before;
        Figure($"a line of {Megabytes} MB: RSS grew by {growth >> 10} KB");
        Assert.InRange(growth, long.MinValue, AllowedGrowth);
        Assert.Equal(0, UapiClient.Get(daemon.Interface).Errno);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void ServesAThousandConnections(Implementation implementation)
    {
        var daemon = NewDaemon(implementation, NewNamespace());
        var clients = new List<UapiClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                clients.Add(UapiClient.Connect(daemon.Interface));
            }

            foreach (var client in clients)
            {
                client.Send("get=1\n\n");
            }

            Assert.All(clients, client => Assert.Equal(0, client.Read()!.Errno));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        Assert.Equal(0, UapiClient.Get(daemon.Interface).Errno);
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void SurvivesNoise(Implementation implementation)
    {
        const int Seed = 20240607;
        var daemon = NewDaemon(implementation, NewNamespace());
        var random = new Random(Seed);
        for (var i = 0; i < 100; i++)
        {
            var noise = new byte[random.Next(1, 4096)];
            random.NextBytes(noise);
            using var client = UapiClient.Connect(daemon.Interface);
            client.TrySend(noise);
        }

        Assert.True(UapiClient.Get(daemon.Interface).Errno == 0, $"seed {Seed}");
        daemon.AssertRunning();
    }
}
