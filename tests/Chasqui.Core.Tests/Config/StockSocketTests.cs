using System.Buffers;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config;

/// <summary>What stock <c>wg</c> sends to a device for a file, and prints of a device, beside what we do.</summary>
public sealed class StockSocketTests
{
    private const int Runs = 60;

    [Theory]
    [InlineData("setconf")]
    [InlineData("addconf")]
    [InlineData("syncconf")]
    public void SendsTheSameLines(string command)
    {
        SkipWithoutStock();
        using var device = new FakeDevice();
        for (int seed = 0; seed < Runs; seed++)
        {
            byte[] file = new ConfTextSource(seed, StockWg.IsOf2026).NextFile(isValid: true);
            using WgConf conf = WgConf.Parse(file, StockWg.Options());
            using DeviceSnapshot running = RandomDevice(new Random(seed), conf);
            Assert.SkipUnless(StockWg.IsOf2026 || command != "syncconf", "This stock wg keeps what syncconf's file does not say.");

            string theirs = device.Run(running, command, file);
            DeviceChange change = command switch
            {
                "setconf" => conf.ToSetChange(),
                "addconf" => conf.ToAddChange(),
                _ => conf.ToSyncChange(running),
            };

            Assert.True(Masked(theirs) == Written(change), $"seed {seed}\n{Encoding.UTF8.GetString(file)}\nstock: {theirs}\nours: {Written(change)}");
        }
    }

    [Fact]
    public void PrintsTheSameConfiguration()
    {
        SkipWithoutStock();
        using var device = new FakeDevice();
        for (int seed = 0; seed < Runs; seed++)
        {
            using DeviceSnapshot running = RandomDevice(new Random(seed), null);
            var ours = new ArrayBufferWriter<byte>();

            WgConfWriter.Write(running, null, ours);

            Assert.Equal(device.ShowConf(running), Encoding.ASCII.GetString(ours.WrittenSpan));
        }
    }

    /// <summary>Why the name may be in every answer: whoever does not know the key does not see it.</summary>
    [Fact]
    public void StockDoesNotSeeTheNameOfAnEndpoint()
    {
        SkipWithoutStock();
        Assert.True(EndpointName.TryParse("vpn.example.org:51820", out EndpointName name));
        using var device = new FakeDevice();
        using DeviceSnapshot plain = OnePeer(default), named = OnePeer(name);
        foreach (string[] command in (string[][])[["show", FakeDevice.Name], ["show", FakeDevice.Name, "dump"], ["showconf", FakeDevice.Name]])
        {
            Assert.Equal(device.Show(plain, command), device.Show(named, command));
        }
    }

    private static DeviceSnapshot OnePeer(EndpointName name) => new()
    {
        Peers =
        [
            new PeerSnapshot
            {
                PublicKey = new PublicKey(new byte[PublicKey.Length]), Endpoint = new IpEndpoint(IpAddress.V4(1), 2), EndpointName = name,
            },
        ],
    };

    internal static DeviceSnapshot RandomDevice(Random random, WgConf? conf)
    {
        List<PeerSnapshot> peers = [];
        foreach (WgConfPeer peer in conf?.Peers ?? [])
        {
            if (random.Next(2) == 0 && peers.TrueForAll(known => known.PublicKey != peer.PublicKey))
            {
                peers.Add(RandomPeer(random, peer.PublicKey));
            }
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            byte[] key = new byte[PublicKey.Length];
            random.NextBytes(key);
            peers.Add(RandomPeer(random, new PublicKey(key)));
        }

        return new DeviceSnapshot
        {
            PrivateKey = random.Next(3) == 0 ? null : new PrivateKey(RandomBytes(random)),
            ListenPort = (ushort)(random.Next(2) * random.Next(65536)),
            FwMark = (uint)(random.Next(2) * random.Next()),
            Peers = peers,
        };
    }

    private static PeerSnapshot RandomPeer(Random random, PublicKey key)
    {
        string[] prefixes = ["10.0.0.0/8", "0.0.0.0/0", "::/0", "fd00::/64", "::ffff:1.2.3.4/128", "1:0:0:2::/65", "1.2.3.4/32", "1:2:3:0:5:6:7:8/128"];
        string[] endpoints = ["", "1.2.3.4:51820", "[fd00::1]:5", "[::1]:65535"];
        string endpoint = endpoints[random.Next(endpoints.Length)];
        _ = IpEndpoint.TryParse(endpoint, out IpEndpoint address);
        List<IpPrefix> allowedIps = [];
        for (int i = random.Next(4); i > 0; i--)
        {
            Assert.True(IpPrefix.TryParse(prefixes[random.Next(prefixes.Length)], out IpPrefix prefix));
            allowedIps.Add(prefix);
        }

        return new PeerSnapshot
        {
            PublicKey = key,
            PresharedKey = random.Next(2) == 0 ? null : new PresharedKey(RandomBytes(random)),
            Endpoint = address,
            PersistentKeepaliveSeconds = (ushort)(random.Next(2) * random.Next(65536)),
            AllowedIps = allowedIps,
        };
    }

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Written(DeviceChange change)
    {
        var output = new ArrayBufferWriter<byte>();
        UapiRequestWriter.WriteSet(change, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    /// <summary>Stock's lines with the host bits of prefixes cleared, which it leaves to the device.</summary>
    private static string Masked(string request)
    {
        string[] lines = request.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("allowed_ip=", StringComparison.Ordinal))
            {
                string sign = lines[i][11] == '-' ? "-" : "";
                Assert.True(IpPrefix.TryParse(lines[i].AsSpan(11 + sign.Length), out IpPrefix prefix));
                lines[i] = $"allowed_ip={sign}{prefix}";
            }
        }

        return string.Join('\n', lines);
    }

    private static void SkipWithoutStock() =>
        Assert.SkipUnless(StockWg.IsHere && Environment.IsPrivilegedProcess, "There is no stock wg, or no right to make a mount namespace.");
}
