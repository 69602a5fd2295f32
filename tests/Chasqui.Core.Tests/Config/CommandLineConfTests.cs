using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Config;

public sealed class CommandLineConfTests
{
    private const string Key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private const string Secret = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    [Fact]
    public void ReadsDeviceAndPeers()
    {
        using WgConf conf = Parse("listen-port", "5", "fwmark", "off", "private-key", "key", "peer", Key, "allowed-ips", " 10.0.0.0/8, ::/0 ",
            "endpoint", "1.2.3.4:5", "persistent-keepalive", "25", "preshared-key", "empty", "peer", Key, "remove");

        Assert.Equal((5, 0u), ((int)conf.ListenPort!, conf.FwMark!.Value));
        Assert.Equal(Secret, KeyText.ToBase64(conf.PrivateKey!.DangerousSpan));
        Assert.Equal(2, conf.Peers.Count);
        Assert.Equal((true, 2, 25), (conf.Peers[0].ReplaceAllowedIps, conf.Peers[0].AllowedIps.Count, (int)conf.Peers[0].PersistentKeepaliveSeconds!));
        Assert.True(conf.Peers[0].PresharedKey!.IsZero);
        Assert.True(conf.Peers[1].Remove);
        Assert.False(conf.ToAddChange().ReplacePeers);
    }

    [Theory]
    [InlineData("", true, 0)]
    [InlineData("+10.0.0.0/8", false, 1)]
    [InlineData("-10.0.0.0/8,+::/0", false, 2)]
    public void AnEmptyListTakesAllAddressesAway(string list, bool isReplaced, int count)
    {
        using WgConf conf = Parse("peer", Key, "allowed-ips", list);

        Assert.Equal((isReplaced, count), (conf.Peers[0].ReplaceAllowedIps, conf.Peers[0].AllowedIps.Count));
    }

    [Fact]
    public void WithoutAListAddressesAreKept()
    {
        using WgConf conf = Parse("peer", Key);

        Assert.False(conf.Peers[0].ReplaceAllowedIps);
    }

    [Theory]
    [InlineData("Invalid argument: listen-port\n", "listen-port")]
    [InlineData("Invalid argument: listen-port\n", "peer", Key, "listen-port", "5")]
    [InlineData("Invalid argument: endpoint\n", "endpoint", "1.2.3.4:5")]
    [InlineData("Invalid argument: remove\n", "remove")]
    [InlineData("Invalid argument: Peer\n", "Peer", Key)]
    [InlineData("Invalid argument: \n", "")]
    [InlineData("Invalid argument: é\n", "é", "x")]
    [InlineData("Unable to parse empty port\n", "listen-port", "")]
    [InlineData("Unable to parse empty endpoint\n", "peer", Key, "endpoint", "")]
    [InlineData("Fwmark is neither 0/off nor 0-0xffffffff: ` 5'\n", "fwmark", " 5")]
    [InlineData("Persistent keepalive interval is neither 0/off nor 1-65535: `'\n", "peer", Key, "persistent-keepalive", "")]
    [InlineData("Unable to parse IP address: `'\n", "peer", Key, "allowed-ips", "::/0,")]
    [InlineData("fopen: No such file or directory\n", "private-key", "none")]
    [InlineData("Invalid length key in key file\n", "private-key", "short")]
    [InlineData("Invalid length key in key file\n", "private-key", "pipe")]
    [InlineData("Invalid length key in key file\n", "private-key", "directory")]
    [InlineData("Found trailing character in key file: `x'\n", "private-key", "long")]
    [InlineData("getc: Input/output error\n", "private-key", "broken")]
    [InlineData("Key is not the correct length or format: `!Anz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk='\n", "private-key", "wrong")]
    public void SaysWhatStockSays(string stock, params string[] words)
    {
        ConfigException e = Assert.Throws<ConfigException>(() => Parse(words));

        Assert.Equal(stock, Encoding.UTF8.GetString(e.StockOutput.Span));
        Assert.DoesNotContain(Secret[1..12], e.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, e.Line);
    }

    private static WgConf Parse(params string[] words) => CommandLineConf.Parse(words, Read, new WgConfOptions());

    private static KeyFileContent Read(string path) => path switch
    {
        "key" => KeyFileContent.Read(Encoding.ASCII.GetBytes(Secret + " \r\n"), canSeek: true),
        "empty" => KeyFileContent.Read([], canSeek: true),
        "pipe" => KeyFileContent.Read([], canSeek: false),
        "short" => KeyFileContent.Read(Encoding.ASCII.GetBytes(Secret[..43]), canSeek: true),
        "long" => KeyFileContent.Read(Encoding.ASCII.GetBytes(Secret + "\nx"), canSeek: true),
        "wrong" => KeyFileContent.Read(Encoding.ASCII.GetBytes("!" + Secret[1..]), canSeek: true),
        "directory" => KeyFileContent.Broken([], "Is a directory"),
        "broken" => KeyFileContent.Broken(Encoding.ASCII.GetBytes(Secret), "Input/output error"),
        _ => KeyFileContent.NotOpened("No such file or directory"),
    };
}
