using Chasqui.Core.Config;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class DeviceReloadTests
{
    private static readonly string[] Prefixes = ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "fd00::/8", "fd00:1::/32", "0.0.0.0/0"];

    [Fact]
    public void PeersThatGoGoInAStepOfTheirOwn()
    {
        using DeviceSnapshot device = Devices.Device(Devices.Peer(1, "", 0, "10.1.0.0/16"), Devices.Peer(2, "", 0));
        using WgConf file = Devices.File("3||10.1.0.0/16", "2||10.2.0.0/16");

        DeviceReload reload = Reload(device, file);

        Assert.Equal([Devices.Key(3), Devices.Key(2)], reload.Configuring(0).Peers.Select(static peer => peer.PublicKey));
        PeerChange gone = Assert.Single(reload.Removing(0).Peers);
        Assert.Equal((Devices.Key(1), true), (gone.PublicKey, gone.Remove));
    }

    [Fact]
    public void TheMarkComesFirstAndGoesLast()
    {
        using var marked = new DeviceSnapshot { FwMark = 7 };
        using DeviceSnapshot plain = Devices.Device();
        using WgConf file = Devices.File();

        Assert.Equal((9u, null), (Reload(marked, file).Configuring(9).FwMark, Reload(marked, file).Removing(9).FwMark));
        Assert.Equal((null, 0u), (Reload(marked, file).Configuring(0).FwMark, Reload(marked, file).Removing(0).FwMark));
        Assert.Equal(7u, Reload(marked, file).Returning(0).FwMark);
        Assert.Equal((9u, 0u), (Reload(plain, file).Configuring(9).FwMark, Reload(plain, file).Restoring(9).FwMark));
        Assert.True(ConfigDiff.IsEmpty(Reload(plain, file).Configuring(0)));
    }

    [Fact]
    public void AKeyThatACommandGaveStays()
    {
        using var device = new DeviceSnapshot { PrivateKey = new Core.Keys.PrivateKey([.. Enumerable.Repeat((byte)8, 32)]) };
        using WgConf file = Devices.File();

        Assert.False(Reload(device, file).ChangesPrivateKey);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void WhatIsRestoredIsAsItWas(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            using DeviceSnapshot device = Devices.Device([.. RandomPeers(random).Select(static peer => Devices.Peer(peer.Number, "", 0, peer.Prefixes))]);
            using WgConf file = Devices.File([.. RandomPeers(random).Select(static peer => $"{peer.Number}||{string.Join(',', peer.Prefixes)}")]);
            DeviceReload reload = Reload(device, file);

            string before = Text(DeviceOutcome.Of(device, new DeviceChange()));
            Assert.Equal(Text(reload.Outcome), Text(After(device, reload.Configuring(5), reload.Removing(5))));
            Assert.Equal(before, Text(After(device, reload.Configuring(5), reload.Restoring(5))));
            Assert.Equal(before, Text(After(device, reload.Configuring(5), reload.Removing(5), reload.Returning(5), reload.Restoring(5))));
        }
    }

    private static DeviceOutcome After(DeviceSnapshot device, params DeviceChange[] changes) =>
        DeviceOutcome.Of(device, new DeviceChange { Peers = [.. changes.SelectMany(static change => change.Peers)] });

    /// <summary>Peers in an order that does not depend on what came back last.</summary>
    private static string Text(DeviceOutcome outcome) => string.Join('\n', outcome.Peers
        .Select(static peer => $"{peer.PublicKey} {string.Join(',', peer.AllowedIps.Select(static prefix => prefix.ToString()).Order(StringComparer.Ordinal))}")
        .Order(StringComparer.Ordinal));

    /// <summary>Some of four peers, who share some of the prefixes out among them.</summary>
    private static List<(int Number, string[] Prefixes)> RandomPeers(Random random)
    {
        string[] left = [.. Prefixes];
        random.Shuffle(left);
        List<(int, string[])> peers = [];
        int from = 0;
        for (int number = 1; number <= 4; number++)
        {
            int to = Math.Min(from + random.Next(3), left.Length);
            if (random.Next(4) > 0)
            {
                peers.Add((number, left[from..to]));
            }

            from = to;
        }

        return peers;
    }

    private static DeviceReload Reload(DeviceSnapshot device, WgConf file) =>
        DeviceReload.Of(device, file, new EndpointChoice(device, file, null, static _ => [], 0));
}
