using System.Buffers;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Config;

public sealed class WgConfWriterTests
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private const string Secret = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    [Fact]
    public void WritesNothingThatIsNotThere() => Assert.Equal("[Interface]\n\n", Write(new DeviceSnapshot(), null));

    [Fact]
    public void WritesEverythingInStocksOrder()
    {
        using var device = new DeviceSnapshot
        {
            PrivateKey = new PrivateKey(Bytes(Secret)),
            ListenPort = 51820,
            FwMark = 0xca6c,
            Peers =
            [
                new PeerSnapshot
                {
                    PublicKey = new PublicKey(Bytes(Key)),
                    PresharedKey = new PresharedKey(Bytes(Secret)),
                    Endpoint = new IpEndpoint(IpAddress.V6(0xfe80000000000000, 1), 5, 2),
                    PersistentKeepaliveSeconds = 25,
                    AllowedIps = [new IpPrefix(IpAddress.V4(0x0a000000), 8), new IpPrefix(IpAddress.V6(0, 0), 0)],
                },
                new PeerSnapshot { PublicKey = new PublicKey(Bytes(Key)), PresharedKey = new PresharedKey(new byte[32]) },
            ],
        };

        Assert.Equal(
            $"""
            [Interface]
            ListenPort = 51820
            FwMark = 0xca6c
            PrivateKey = {Secret}

            [Peer]
            PublicKey = {Key}
            PresharedKey = {Secret}
            AllowedIPs = 10.0.0.0/8, ::/0
            Endpoint = [fe80::1%eth0]:5
            PersistentKeepalive = 25

            [Peer]
            PublicKey = {Key}

            """,
            Write(device, static _ => "eth0"));
        Assert.Contains("Endpoint = [fe80::1%2]:5\n", Write(device, null), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            using DeviceSnapshot device = StockSocketTests.RandomDevice(new Random(seed), null);
            using WgConf conf = WgConf.Parse(Write(device, null), new WgConfOptions());
            DeviceChange change = ConfigDiff.Between(device, conf, new ConfigDiffRules());

            // A prefix that two peers list cannot be the device's; all else is.
            Assert.True(change is { PrivateKey: null, ListenPort: null, FwMark: null }, $"seed {seed}");
            Assert.All(change.Peers, static peer => Assert.True(peer is { PresharedKey: null, Endpoint: null, PersistentKeepaliveSeconds: null }));
            Assert.Equal(device.Peers.Select(Describe), conf.Peers.Select(Describe));
        }
    }

    private static string Describe(PeerSnapshot peer) => $"{peer.PublicKey} {string.Join(' ', peer.AllowedIps)}";

    private static string Describe(WgConfPeer peer) => $"{peer.PublicKey} {string.Join(' ', peer.AllowedIps.Select(static change => change.Prefix))}";

    private static byte[] Bytes(string text)
    {
        byte[] key = new byte[32];
        Assert.True(KeyText.TryParseBase64(text, key));
        return key;
    }

    private static string Write(DeviceSnapshot device, Func<uint, string?>? interfaceName)
    {
        var output = new ArrayBufferWriter<byte>();
        WgConfWriter.Write(device, interfaceName, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
