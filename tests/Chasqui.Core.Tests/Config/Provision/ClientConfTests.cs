using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Config.Provision;

public sealed class ClientConfTests : IDisposable
{
    private readonly PrivateKey _key = PrivateKey.Generate(new SeededEntropy(1));
    private readonly PrivateKey _hubKey = PrivateKey.Generate(new SeededEntropy(2));
    private readonly PresharedKey _presharedKey = new([.. Enumerable.Range(1, 32).Select(static i => (byte)i)]);

    public void Dispose()
    {
        _key.Dispose();
        _hubKey.Dispose();
        _presharedKey.Dispose();
    }

    [Fact]
    public void IsAFileForWgQuickAndTheApps()
    {
        string text = New().ToDocument().ToString();

        Assert.Equal(
            $"""
            [Interface]
            # Name = phone
            PrivateKey = {KeyText.ToBase64(_key.DangerousSpan)}
            Address = 10.8.0.2/24, fd00:8::2/64
            DNS = 1.1.1.1, lan.example
            MTU = 1300

            [Peer]
            PublicKey = {_hubKey.DerivePublicKey()}
            PresharedKey = {KeyText.ToBase64(_presharedKey.DangerousSpan)}
            # AllowedIPs = 10.8.0.0/24 - 10.8.0.128/25
            AllowedIPs = 10.8.0.0/25
            Endpoint = vpn.example.com:51820
            PersistentKeepalive = 25

            """,
            text);
        QuickConf quick = QuickConf.Parse(text, null);
        Assert.Equal("10.8.0.2/24 fd00:8::2/64", string.Join(' ', quick.ReadAddresses()));
        Assert.Equal(1300, quick.ReadMtu());
        using WgConf conf = WgConf.Parse(quick.Strip(), new WgConfOptions());
        Assert.True(conf.PrivateKey!.FixedTimeEquals(_key));
        WgConfPeer peer = Assert.Single(conf.Peers);
        Assert.Equal(_hubKey.DerivePublicKey(), peer.PublicKey);
        Assert.True(peer.PresharedKey!.FixedTimeEquals(_presharedKey));
        Assert.Equal((ushort)25, peer.PersistentKeepaliveSeconds);
    }

    [Fact]
    public void WhatIsNotSaidIsLeftOut()
    {
        string text = (New() with { Name = null, PresharedKey = null, Settings = new ClientSettings { PersistentKeepaliveSeconds = 0 } }).ToDocument().ToString();

        Assert.Equal(
            $"""
            [Interface]
            PrivateKey = {KeyText.ToBase64(_key.DangerousSpan)}
            Address = 10.8.0.2/24, fd00:8::2/64

            [Peer]
            PublicKey = {_hubKey.DerivePublicKey()}

            """,
            text);
    }

    [Fact]
    public void AKeyThatIsMissingIsWhatStockComplainsOf()
    {
        string text = (New() with { PrivateKey = null }).ToDocument().ToString();

        ConfigException exception = Assert.Throws<ConfigException>(() => WgConf.Parse(QuickConf.Parse(text, null).StripInPlace(), new WgConfOptions()));

        Assert.Equal(ConfKeys.PrivateKey, exception.Key);
        Assert.Contains("<theprivatekeythatwasmadeonthisdevice>", System.Text.Encoding.UTF8.GetString(exception.StockOutput.Span), StringComparison.Ordinal);
    }

    private ClientConf New() => new()
    {
        Name = "phone",
        PrivateKey = _key,
        Addresses = FreeAddressTests.Addresses("10.8.0.2/24, fd00:8::2/64"),
        HubPublicKey = _hubKey.DerivePublicKey(),
        PresharedKey = _presharedKey,
        Settings = new ClientSettings
        {
            Endpoint = "vpn.example.com:51820",
            AllowedIps = AllowedIpsExpression.Parse("10.8.0.0/24 - 10.8.0.128/25"),
            Dns = "1.1.1.1, lan.example",
            Mtu = 1300,
            PersistentKeepaliveSeconds = 25,
        },
    };
}
