using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class WgSetWordsTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    [Fact]
    public void NamesEverythingButSecrets()
    {
        using var psk = new PresharedKey(Secret);
        using var key = new PrivateKey(Secret);
        var change = new DeviceChange
        {
            PrivateKey = key,
            ListenPort = 7,
            FwMark = 8,
            Peers =
            [
                new PeerChange
                {
                    PublicKey = Devices.Key(1),
                    PresharedKey = psk,
                    Endpoint = Devices.Endpoint("[fd00::1]:9"),
                    PersistentKeepaliveSeconds = 25,
                    ReplaceAllowedIps = true,
                    AllowedIps = [new AllowedIpChange(Devices.Prefix("10.0.0.0/8"), Remove: false)],
                },
                new PeerChange { PublicKey = Devices.Key(2), Remove = true },
            ],
        };

        Assert.Equal(
            "wg set wg0 private-key (hidden) listen-port 7 fwmark 8 \\\n"
            + $"      peer {Devices.Key(1)} preshared-key (hidden) endpoint [fd00::1]:9 persistent-keepalive 25 allowed-ips 10.0.0.0/8 \\\n"
            + $"      peer {Devices.Key(2)} remove",
            WgSetWords.Of("wg0", change, null));
    }

    [Fact]
    public void AListIsWholeThoughTheChangeOnlyAddsToIt()
    {
        using DeviceSnapshot device = Devices.Device(Devices.Peer(1, "", 0, "10.1.0.0/16"));
        var change = new DeviceChange
        {
            Peers = [new PeerChange { PublicKey = Devices.Key(1), AllowedIps = [new AllowedIpChange(Devices.Prefix("10.2.0.0/16"), Remove: false)] }],
        };

        Assert.Equal(
            $"wg set wg0 peer {Devices.Key(1)} allowed-ips 10.1.0.0/16,10.2.0.0/16",
            WgSetWords.Of("wg0", change, DeviceOutcome.Of(device, change)));
    }

    [Fact]
    public void AListThatBecomesEmptyIsSaidToBe()
    {
        var change = new DeviceChange { Peers = [new PeerChange { PublicKey = Devices.Key(1), ReplaceAllowedIps = true }] };

        Assert.Equal($"wg set wg0 peer {Devices.Key(1)} allowed-ips ''", WgSetWords.Of("wg0", change, null));
    }
}
