using Chasqui.Quick;

namespace Chasqui.Tests.Quick;

public sealed class FirewallStateTests
{
    private const string Nft = """
        table ip6 wg-quick-wg0 {
        	chain preraw {
        		type filter hook prerouting priority -300; policy accept;
        		iifname != "wg0" ip6 daddr fd00:8::2 fib saddr type != 2 drop
        		iifname != "wg0" ip6 daddr fe80::1 fib saddr type != 2 drop
        	}

        	chain postmangle {
        		type filter hook postrouting priority -150; policy accept;
        		meta l4proto 17 meta mark 0x0000ca6c ct mark set meta mark
        	}

        	chain premangle {
        		type filter hook prerouting priority -150; policy accept;
        		meta l4proto 17 meta mark set ct mark
        	}
        }
        """;

    private const string Iptables = """
        *raw
        -A PREROUTING -d 10.8.0.2/32 ! -i wg0 -m addrtype ! --src-type LOCAL -m comment --comment "wg-quick(8) rule for wg0" -j DROP
        -A PREROUTING -d 10.9.0.2/32 ! -i wg1 -m addrtype ! --src-type LOCAL -m comment --comment "wg-quick(8) rule for wg1" -j DROP
        COMMIT
        *mangle
        -A POSTROUTING -p udp -m mark --mark 0xca6c -m comment --comment "wg-quick(8) rule for wg0" -j CONNMARK --save-mark
        COMMIT
        """;

    [Fact]
    public void ReadsNft()
    {
        FirewallState state = FirewallState.ParseNft(Nft);

        Assert.Equal(51820u, state.Mark);
        Assert.Equal(["fd00:8::2", "fe80::1"], state.Addresses);
    }

    [Fact]
    public void ReadsTheLinesOfOneInterfaceFromIptables()
    {
        FirewallState? state = FirewallState.ParseIptables(Iptables, "--comment \"wg-quick(8) rule for wg0\"");

        Assert.Equal(51820u, state?.Mark);
        Assert.Equal(["10.8.0.2"], state?.Addresses);
        Assert.Null(FirewallState.ParseIptables(Iptables, "--comment \"wg-quick(8) rule for wg2\""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("daddr\nmark\n")]
    [InlineData("ip daddr nonsense mark 0xzz")]
    public void WhatIsNoRuleSaysNothing(string text)
    {
        FirewallState state = FirewallState.ParseNft(text);

        Assert.Equal(0u, state.Mark);
        Assert.Empty(state.Addresses);
    }

    [Fact]
    public void TheOrderOfAddressesDoesNotCount()
    {
        var state = new FirewallState(7, ["10.0.0.1", "10.0.0.2"]);

        Assert.True(state.IsSame(new FirewallState(7, ["10.0.0.2", "10.0.0.1"])));
        Assert.False(state.IsSame(new FirewallState(8, ["10.0.0.2", "10.0.0.1"])));
        Assert.False(state.IsSame(new FirewallState(7, ["10.0.0.2"])));
        Assert.False(state.IsSame(null));
    }
}
