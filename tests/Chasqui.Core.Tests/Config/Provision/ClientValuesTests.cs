using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;

namespace Chasqui.Core.Tests.Config.Provision;

public sealed class ClientValuesTests
{
    [Theory]
    [InlineData("vpn.example.com", "vpn.example.com:51820")]
    [InlineData("vpn.example.com:7", "vpn.example.com:7")]
    [InlineData("my_host.", "my_host.:51820")]
    [InlineData("192.0.2.1", "192.0.2.1:51820")]
    [InlineData("192.0.2.1:65535", "192.0.2.1:65535")]
    [InlineData("2001:db8::1", "[2001:db8::1]:51820")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:51820")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::1]:1")]
    public void ReadsEndpoints(string text, string endpoint) => Assert.Equal(endpoint, ClientValues.ReadEndpoint(text, 51820));

    [Theory]
    [InlineData("")]
    [InlineData(":51820")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:http")]
    [InlineData("host: 1")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]x:1")]
    [InlineData("[192.0.2.1]:1")]
    [InlineData("[]:1")]
    [InlineData("-oProxyCommand=x:1")]
    [InlineData("a..b:1")]
    [InlineData("two words:1")]
    [InlineData("host#x:1")]
    [InlineData("$(reboot):1")]
    [InlineData("host\nPostUp = x:1")]
    [InlineData("höst:1")]
    public void RefusesWhatIsNoEndpoint(string text) =>
        Assert.DoesNotContain('\n', Assert.Throws<ConfigException>(() => ClientValues.ReadEndpoint(text, 51820)).Message);

    [Fact]
    public void RefusesLongHosts() => Assert.Throws<ConfigException>(() => ClientValues.ReadEndpoint(new string('a', 1024), 51820));

    [Fact]
    public void AsksForAPortWhereThereIsNone() =>
        Assert.Equal("`vpn.example.com' has no port; give HOST:PORT.", Assert.Throws<ConfigException>(() => ClientValues.ReadEndpoint("vpn.example.com", 0)).Message);

    [Theory]
    [InlineData("1.1.1.1", "1.1.1.1")]
    [InlineData("1.1.1.1,2606:4700::1111 , lan.example", "1.1.1.1, 2606:4700::1111, lan.example")]
    public void ReadsNameServersAndSearchDomains(string text, string dns) => Assert.Equal(dns, ClientValues.ReadDns(text));

    [Theory]
    [InlineData("")]
    [InlineData("1.1.1.1,")]
    [InlineData("1.1.1.1;2.2.2.2")]
    [InlineData("`id`")]
    [InlineData("a\nPostUp = x")]
    public void RefusesWhatIsNoNameServer(string text) => Assert.Throws<ConfigException>(() => ClientValues.ReadDns(text));

    [Theory]
    [InlineData("576", 576)]
    [InlineData("1420", 1420)]
    public void ReadsMtus(string text, int mtu) => Assert.Equal(mtu, ClientValues.ReadMtu(text));

    [Theory]
    [InlineData("575")]
    [InlineData("65536")]
    [InlineData("+1420")]
    [InlineData("0x580")]
    [InlineData("")]
    public void RefusesWhatIsNoMtu(string text) => Assert.Throws<ConfigException>(() => ClientValues.ReadMtu(text));

    [Theory]
    [InlineData("off", 0)]
    [InlineData("0", 0)]
    [InlineData("65535", 65535)]
    public void ReadsKeepalives(string text, int seconds) => Assert.Equal(seconds, ClientValues.ReadKeepalive(text));

    [Theory]
    [InlineData("on")]
    [InlineData("65536")]
    [InlineData("-1")]
    public void RefusesWhatIsNoKeepalive(string text) => Assert.Throws<ConfigException>(() => ClientValues.ReadKeepalive(text));

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("51820 ")]
    public void RefusesWhatIsNoPort(string text) => Assert.Throws<ConfigException>(() => ClientValues.ReadPort(text));

    [Fact]
    public void ReadsAddresses() =>
        Assert.Equal("10.8.0.2/24 fd00::2/128", string.Join(' ', ClientValues.ReadAddresses("10.8.0.2/24, fd00::2")));

    [Theory]
    [InlineData("10.8.0.2/33")]
    [InlineData("10.8.0")]
    [InlineData("10.8.0.2,")]
    public void RefusesWhatIsNoAddress(string text) => Assert.Throws<ConfigException>(() => ClientValues.ReadAddresses(text));
}
