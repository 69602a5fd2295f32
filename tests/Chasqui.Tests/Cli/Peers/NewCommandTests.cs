using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Tests.Device;
using Chasqui.Tests.Provision;

namespace Chasqui.Tests.Cli.Peers;

public sealed class NewCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MakesAFileAndPrintsThePublicKeyAlone()
    {
        TestTerminal terminal = new();

        Assert.Equal(0, terminal.Run("chasqui", "new", "wg7", "--output", _folder["wg7.conf"]));

        using HubConf hub = Read("wg7");
        Assert.Equal(hub.PrivateKey!.DerivePublicKey() + "\n", terminal.Output);
        QuickAddress address = Assert.Single(hub.Addresses);
        Assert.Equal(24, address.Length);
        Assert.Equal(1u, (uint)(address.Address.High >> 32) & 0xff);
        Assert.True(AllowedIpsExpression.PrivateNetworks.Contains(address.Address));
        Assert.InRange(hub.ListenPort, 51820, ushort.MaxValue);
        Assert.Contains($"chasqui up {_folder["wg7.conf"]}", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TakesTheOptions()
    {
        TestTerminal terminal = new();

        Assert.Equal(0, terminal.Run(
            "chasqui", "new", "wg7", "-o", _folder["wg7.conf"], "--address", "10.8.0.1/24,fd00:8::1/64", "--port", "13231", "--endpoint", "vpn.example.com",
            "--dns", "10.8.0.1", "--mtu", "1400", "--exclude", "192.168.0.0/16"));

        using HubConf hub = Read("wg7");
        Assert.Equal("10.8.0.1/24, fd00:8::1/64", string.Join(", ", hub.Addresses));
        Assert.Equal(13231, hub.ListenPort);
        Assert.Equal(1400, hub.QuickConf.ReadMtu());
        Assert.Equal("vpn.example.com:13231", hub.Interface.GetNote("Endpoint"));
        Assert.Equal("10.8.0.1", hub.Interface.GetNote("ClientDNS"));
        Assert.Equal("0.0.0.0/0, ::/0 - 192.168.0.0/16", hub.Interface.GetNote("ClientAllowedIPs"));
    }

    [Fact]
    public void ChoosesWhatNoOtherFileHas()
    {
        TestTerminal terminal = new();
        HashSet<string> seen = [];
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(0, terminal.Run("chasqui", "new", $"wg{i}", "-o", _folder[$"wg{i}.conf"]));
            using HubConf hub = Read($"wg{i}");
            Assert.True(seen.Add($"port {hub.ListenPort}"));
            Assert.True(seen.Add(hub.Addresses[0].ToString()));
        }
    }

    [Fact]
    public void ChoosesAPortThatNoSocketHas()
    {
        using Sandbox sandbox = new();
        using System.Net.Sockets.Socket socket = TestDevice.Occupy(sandbox, 51820);

        Assert.Equal(0, sandbox.Run(() => new TestTerminal().Run("chasqui", "new", "wg7", "-o", _folder["wg7.conf"])));

        using HubConf hub = Read("wg7");
        Assert.Equal(51821, hub.ListenPort);
    }

    [Fact]
    public void WarnsOfANetworkThatTheMachineHas()
    {
        using Sandbox sandbox = new();
        sandbox.Ip("address add 10.8.0.77/16 dev lo");
        TestTerminal terminal = new();

        Assert.Equal(0, sandbox.Run(() => terminal.Run("chasqui", "new", "wg7", "-o", _folder["wg7.conf"], "--address", "10.8.1.1/24")));

        Assert.Contains("[!] 10.8.1.0/24 overlaps 10.8.0.0/16,", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OverwritesNothing()
    {
        File.WriteAllText(_folder["wg7.conf"], "before");

        Assert.Contains("exists and stays as it is", Refuse("wg7", "-o", _folder["wg7.conf"]), StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(_folder["wg7.conf"]));
    }

    [Theory]
    [InlineData("--address: `10.8.0.1' has no length of its network; give it as in 10.8.0.1/24.", "--address", "10.8.0.1")]
    [InlineData("--address: 10.8.0.0/24 is the network itself; give a host in it, as in 10.8.0.1/24.", "--address", "10.8.0.0/24")]
    [InlineData("--address: `10.8.0.1/33' is no IPv4 or IPv6 address; give ADDRESS or ADDRESS/LENGTH.", "--address", "10.8.0.1/33")]
    [InlineData("--port: `0' is no port; give a number from 1 to 65535.", "--port", "0")]
    [InlineData("--port: `https' is no port; give a number from 1 to 65535.", "--port", "https")]
    [InlineData("--dns: `a?PostUp = x' is neither the address of a name server nor a search domain; give them with commas between.", "--dns", "a\nPostUp = x")]
    [InlineData("--output: the file's name is the interface's, for `up'; give a path that ends with wg7.conf.", "-o", "/tmp/other.conf")]
    [InlineData("--port is given twice; give it once.", "--port", "1", "--port", "2")]
    public void RefusesWithOneSentence(string sentence, params string[] options) => Assert.Equal(sentence, Refuse(["wg7", .. options]));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../wg0")]
    [InlineData("a name")]
    [InlineData("sixteencharacter")]
    [InlineData("$(x)")]
    public void RefusesWhatIsNoInterfacesName(string name) => Assert.Contains("is no interface's name", Refuse(name), StringComparison.Ordinal);

    private static string Refuse(params string[] arguments)
    {
        TestTerminal terminal = new();
        Assert.Equal(1, terminal.Run("chasqui", ["new", .. arguments]));
        Assert.Equal("", terminal.Output);
        return terminal.Error["chasqui: ".Length..].TrimEnd('\n');
    }

    private HubConf Read(string name) => HubConf.Parse(File.ReadAllText(_folder[name + ".conf"]), null, new WgConfOptions());
}
