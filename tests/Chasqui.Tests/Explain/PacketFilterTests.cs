using Chasqui.Core.Explain;
using Chasqui.Explain;

namespace Chasqui.Tests.Explain;

/// <summary>What becomes of a first datagram to port 51820, by listings of rules.</summary>
public sealed class PacketFilterTests
{
    private const ushort Port = 51820;
    private const string Accept = """{"accept":null}""", Drop = """{"drop":null}""", Reject = """{"reject":{"type":"icmpx"}}""";

    [Theory]
    [InlineData("accept", "", FilterVerdict.Accepts)]
    [InlineData("drop", "", FilterVerdict.Drops)]
    [InlineData("accept", "udp 51820 drop", FilterVerdict.Drops)]
    [InlineData("accept", "udp 51820 reject", FilterVerdict.Drops)]
    [InlineData("accept", "udp 51821 drop", FilterVerdict.Accepts)]
    [InlineData("drop", "udp 51820 accept", FilterVerdict.Accepts)]
    [InlineData("drop", "established accept", FilterVerdict.Drops)]
    [InlineData("drop", "new accept", FilterVerdict.Accepts)]
    [InlineData("drop", "range accept", FilterVerdict.Accepts)]
    [InlineData("accept", "set drop", FilterVerdict.Drops)]
    [InlineData("drop", "lo accept", FilterVerdict.Drops)]
    [InlineData("drop", "eth0 accept", FilterVerdict.Unknown)]
    [InlineData("accept", "saddr drop", FilterVerdict.Unknown)]
    [InlineData("drop", "not51820 accept", FilterVerdict.Drops)]
    [InlineData("accept", "tcp drop", FilterVerdict.Accepts)]
    public void NftRulesAreWalkedInOrder(string policy, string rule, FilterVerdict expected)
    {
        string text = Ruleset(policy, rule.Length == 0 ? [] : [Rule(rule.Split(' '))]);

        Assert.Equal(expected, PacketFilter.Of(text, null).JudgeIncoming(Port, out string? by));
        Assert.Equal(expected == FilterVerdict.Drops, by is not null);
    }

    /// <summary>Each chain jumps to the next eight times: walked anew at each jump, that would take years.</summary>
    [Fact]
    public void ChainsToWhichManyJumpAreWalkedOnce()
    {
        var rules = new System.Text.StringBuilder("*filter\n:INPUT ACCEPT [0:0]\n");
        for (int i = 0; i < 15; i++)
        {
            rules.Append($":c{i} - [0:0]\n");
            rules.Append(string.Concat(Enumerable.Repeat($"-A {(i == 0 ? "INPUT" : $"c{i - 1}")} -j c{i}\n", 8)));
        }

        Assert.Equal(FilterVerdict.Accepts, PacketFilter.Of(null, rules + "COMMIT\n").JudgeIncoming(Port, out _));
    }

    [Fact]
    public void ChainsAreEnteredAndLeft()
    {
        string jump = """{"rule":{"family":"inet","table":"t","chain":"in","handle":5,"expr":[{"jump":{"target":"more"}}]}}""";
        string more = """{"chain":{"family":"inet","table":"t","name":"more","handle":9}}""";
        string inside = $$$$"""{"rule":{"family":"inet","table":"t","chain":"more","handle":6,"expr":[{{{{Match("udp", "51820")}}}},{{{{Accept}}}}]}}""";

        Assert.Equal(FilterVerdict.Accepts, PacketFilter.Of(Ruleset("drop", [more, jump, inside]), null).JudgeIncoming(Port, out _));
        Assert.Equal(FilterVerdict.Drops, PacketFilter.Of(Ruleset("drop", [more, jump]), null).JudgeIncoming(Port, out _));
    }

    [Theory]
    [InlineData(":INPUT ACCEPT [0:0]", "", FilterVerdict.Accepts)]
    [InlineData(":INPUT DROP [0:0]", "", FilterVerdict.Drops)]
    [InlineData(":INPUT ACCEPT [0:0]", "-A INPUT -p udp -m udp --dport 51820 -j DROP", FilterVerdict.Drops)]
    [InlineData(":INPUT ACCEPT [0:0]", "-A INPUT -p udp -m udp --dport 51820 -j REJECT --reject-with icmp-port-unreachable", FilterVerdict.Drops)]
    [InlineData(":INPUT DROP [0:0]", "-A INPUT -p udp -m multiport --dports 53,51800:51900 -j ACCEPT", FilterVerdict.Accepts)]
    [InlineData(":INPUT DROP [0:0]", "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", FilterVerdict.Drops)]
    [InlineData(":INPUT DROP [0:0]", "-A INPUT -i lo -j ACCEPT", FilterVerdict.Drops)]
    [InlineData(":INPUT DROP [0:0]", "-A INPUT -s 192.0.2.0/24 -j ACCEPT", FilterVerdict.Unknown)]
    [InlineData(":INPUT DROP [0:0]", "-A INPUT -p udp -m comment --comment \"the tunnel\" -j ACCEPT", FilterVerdict.Accepts)]
    [InlineData(":INPUT ACCEPT [0:0]", "-A INPUT -p tcp -j DROP", FilterVerdict.Accepts)]
    public void IptablesRulesAreWalkedInOrder(string chain, string rule, FilterVerdict expected) => Assert.Equal(
        expected, PacketFilter.Of(null, $"# Generated\n*filter\n{chain}\n:FORWARD ACCEPT [0:0]\n{rule}\nCOMMIT\n").JudgeIncoming(Port, out _));

    [Fact]
    public void WithoutListingsNothingIsKnown()
    {
        Assert.Equal(FilterVerdict.Unknown, PacketFilter.Of(null, null).JudgeIncoming(Port, out _));
        Assert.Null(PacketFilter.Of(null, null).HasMasquerade);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"nftables":{}}""")]
    [InlineData("""{"nftables":[1,{"rule":3},{"chain":[]},{"rule":{"family":"ip","table":"t","chain":"c","expr":7}}]}""")]
    public void WhatIsNoListingHasNoRules(string text) => Assert.Equal(FilterVerdict.Accepts, PacketFilter.Of(text, null).JudgeIncoming(Port, out _));

    [Fact]
    public void MasqueradeIsFoundInBoth()
    {
        string rule = """{"rule":{"family":"ip","table":"t","chain":"in","handle":5,"expr":[{"masquerade":null}]}}""";

        Assert.True(PacketFilter.Of(Ruleset("accept", [rule]), null).HasMasquerade);
        Assert.True(PacketFilter.Of(null, "*nat\n-A POSTROUTING -o eth0 -j MASQUERADE\n").HasMasquerade);
        Assert.False(PacketFilter.Of(Ruleset("accept", []), "*filter\n").HasMasquerade);
    }

    private static string Ruleset(string policy, string[] items)
    {
        string chain = $$$$"""{"chain":{"family":"inet","table":"t","name":"in","handle":1,"type":"filter","hook":"input","prio":0,"policy":"{{{{policy}}}}"}}""";
        return $$$$"""{"nftables":[{"metainfo":{"version":"1.0.6"}},{{{{string.Join(',', (string[])[chain, .. items])}}}}]}""";
    }

    private static string Rule(string[] words)
    {
        string action = words[^1] switch { "accept" => Accept, "drop" => Drop, _ => Reject };
        return $$$$"""{"rule":{"family":"inet","table":"t","chain":"in","handle":4,"expr":[{{{{Match(words[0], words[1])}}}},{"counter":{"packets":0,"bytes":0}},{{{{action}}}}]}}""";
    }

    private static string Match(string kind, string value) => kind switch
    {
        "udp" => Match("payload", "protocol", "udp", "field", "dport", value),
        "tcp" => Match("payload", "protocol", "tcp", "field", "dport", "22"),
        "range" => Match("payload", "protocol", "udp", "field", "dport", """{"range":[51000,52000]}"""),
        "set" => Match("payload", "protocol", "udp", "field", "dport", """{"set":[53,51820]}"""),
        "established" => """{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["established","related"]}}""",
        "new" => """{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":"new"}}""",
        "lo" or "eth0" => $$$$"""{"match":{"op":"==","left":{"meta":{"key":"iifname"}},"right":"{{{{kind}}}}"}}""",
        "not51820" => """{"match":{"op":"!=","left":{"payload":{"protocol":"udp","field":"dport"}},"right":51820}}""",
        _ => Match("payload", "protocol", "ip", "field", "saddr", "\"192.0.2.1\""),
    };

    private static string Match(string kind, string first, string one, string second, string other, string value) =>
        $$$$"""{"match":{"op":"==","left":{"{{{{kind}}}}":{"{{{{first}}}}":"{{{{one}}}}","{{{{second}}}}":"{{{{other}}}}"}},"right":{{{{value}}}}}}""";
}
