using System.Text;
using Chasqui.Core.Explain;
using Chasqui.Explain;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>What explain reads of packet filters: the listings of nft and of iptables.</summary>
internal sealed class FilterRulesTarget : IFuzzTarget
{
    private const ushort Port = 51820;

    public string Name => "filterrules";

    public string Summary => "nft's and iptables' listings: the same verdict each time, and none that drops without a rule";

    public int MaxLength => 2048;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, .. """{"nftables":[{"table":{"family":"inet","name":"f"}},{"chain":{"family":"inet","table":"f","name":"in","hook":"input","policy":"drop"}},{"rule":{"family":"inet","table":"f","chain":"in","handle":4,"expr":[{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":{"set":[51820,{"range":[1,9]}]}}},{"jump":{"target":"in"}}]}}]}"""u8],
        [0, .. """{"nftables":[{"chain":{"family":"ip","table":"n","name":"c"}},{"rule":{"family":"ip","table":"n","chain":"c","expr":[{"match":{"op":"in","left":{"ct":{"key":"state"}},"right":["new"]}},{"masquerade":null},{"goto":{"target":"c"}}]}}]}"""u8],
        [1, .. "*filter\n:INPUT DROP [0:0]\n:x - [0:0]\n-A INPUT -m conntrack --ctstate NEW -j x\n-A x ! -p tcp -m multiport --dports 1:9,51820 -m comment --comment \"a b\" -j REJECT\n-A x -g INPUT\nCOMMIT\n"u8],
        [1, .. "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n*filter\n:INPUT ACCEPT [1:2]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j RETURN\n"u8],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\"chain\":", "\"rule\":", "\"expr\":", "\"match\":", "\"left\":", "\"right\":", "\"op\":", "\"meta\":", "\"key\":\"l4proto\"", "\"drop\":null", "\"accept\":null", "\"return\":null",
            "-A INPUT ", ":INPUT ", "-j ", "-g ", "DROP", "ACCEPT", "! ", "-p udp ", "--dport 51820 ", "*filter\n", "\n", "51820", "null", "[", "]", "{", "}",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var reader = new InputReader(input);
        bool isNft = (reader.Byte() & 1) == 0;
        string text = Encoding.UTF8.GetString(reader.Rest);
        foreach (FilterTable table in Read(isNft, text))
        {
            FilterVerdict verdict = table.Judge(out string? by);
            Check.That((verdict == FilterVerdict.Drops) == (by is not null), "who drops has a rule, and nobody else");
            Check.That(verdict == table.Judge(out string? again) && by == again, "twice the same");
        }

        var filter = PacketFilter.Of(isNft ? text : null, isNft ? null : text);
        Check.That(filter.HasMasquerade is not null);
        Check.That(filter.JudgeIncoming(Port, out string? rule) == FilterVerdict.Drops == rule is not null);
    }

    private static IReadOnlyList<FilterTable> Read(bool isNft, string text) =>
        isNft ? NftRules.Read(text, Port, out _) : [IptablesRules.Read(text, Port)];
}
