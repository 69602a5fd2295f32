using System.Text;
using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class QuickConfTests
{
    [Fact]
    public void ReadsItsKeys()
    {
        var conf = QuickConf.Parse(
            """
            [Interface]
            address = 10.0.0.1/24, fd00::1/64 10.0.0.2
            Address = 10.0.0.3/32 # why
            DNS = 1.1.1.1, corp.example 2606:4700::1111
            DNS = lan
            MTU = 1280
            MTU = 1420
            Table = 51
            PreUp = echo "#1" # kept = too
            PostUp = a
            PostUp = b %i
            PreDown =
            PostDown = d
            SaveConfig = TRUE
            PrivateKey = x
            """,
            "wg0.conf");

        Assert.Equal(["10.0.0.1/24", "fd00::1/64", "10.0.0.2", "10.0.0.3/32"], Texts(conf.Addresses));
        Assert.Equal(["1.1.1.1", "2606:4700::1111"], Texts(conf.Dns));
        Assert.Equal(["corp.example", "lan"], Texts(conf.DnsSearch));
        Assert.Equal((1420, "51", true), (conf.ReadMtu(), conf.Table?.Text, conf.SaveConfig));
        Assert.Equal(["echo \"#1\" # kept = too", "a", "b %i", "", "d"],
            Texts([.. conf.PreUp, .. conf.PostUp, .. conf.PreDown, .. conf.PostDown]));
        Assert.Equal(3, conf.Addresses[3].Line);
        Assert.Equal("[Interface]\nPrivateKey = x\n\n", conf.Strip());
        Assert.Equal(new string('\n', 14) + "PrivateKey = x\n", conf.StripInPlace()["[Interface]".Length..]);
        Assert.Equal("10.0.0.1/24 fd00::1/64 10.0.0.2/32 10.0.0.3/32", string.Join(' ', conf.ReadAddresses()));
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("Table =", null, false)]
    [InlineData("Table = auto", null, false)]
    [InlineData("Table = off", "off", true)]
    [InlineData("Table = OFF", "OFF", false)]
    [InlineData("Table = main", "main", false)]
    public void ReadsTheTable(string line, string? table, bool isOff)
    {
        var conf = QuickConf.Parse("[Interface]\n" + line, null);

        Assert.Equal((table, isOff), (conf.Table?.Text, conf.IsTableOff));
    }

    [Fact]
    public void ALineWithoutEqualsIsKeyAndValueAsInTheScript()
    {
        var conf = QuickConf.Parse("[Interface]\nAddress\nMTU # x\nPostUp # a=b\n", null);

        Assert.Equal(["Address"], Texts(conf.Addresses));
        Assert.Equal("MTU", conf.Mtu?.Text);
        Assert.Equal(["b"], Texts(conf.PostUp));
    }

    [Theory]
    [InlineData("SaveConfig = yes", "SaveConfig: `yes' is neither true nor false.", "wg-quick: `yes' is neither true nor false\n")]
    [InlineData("SaveConfig =", "SaveConfig: `' is neither true nor false.", "wg-quick: `' is neither true nor false\n")]
    [InlineData("SaveConfig", "SaveConfig: `SaveConfig' is neither true nor false.", "wg-quick: `SaveConfig' is neither true nor false\n")]
    public void OnlyTrueAndFalseAreBooleans(string line, string reason, string stock)
    {
        ConfigException e = Assert.Throws<ConfigException>(() => QuickConf.Parse("[Interface]\n" + line, "wg0.conf"));

        Assert.Equal("wg0.conf:2: " + reason, e.Message);
        Assert.Equal(stock, Encoding.UTF8.GetString(e.StockOutput.Span));
    }

    [Theory]
    [InlineData("Address = 10.0.0.1/33")]
    [InlineData("Address = 10.0.0/24")]
    [InlineData("Address = $(reboot)")]
    [InlineData("Address = 10.0.0.1/+8")]
    [InlineData("MTU = 67")]
    [InlineData("MTU = 65536")]
    [InlineData("MTU = -1")]
    [InlineData("MTU = x")]
    public void WrongValuesAreRefusedWithTheirLine(string line)
    {
        var conf = QuickConf.Parse("[Interface]\n" + line, "wg0.conf");

        ConfigException e = Assert.Throws<ConfigException>(() => (conf.ReadAddresses(), conf.ReadMtu()));
        Assert.Equal(2, e.Line);
    }

    [Theory]
    [InlineData("", "\n")]
    [InlineData("[Interface]", "[Interface]\n\n")]
    [InlineData("\t [Interface] \r\n  MTU = 1\r\n ListenPort = 1 \t\n", "[Interface] \r\nListenPort = 1\n\n")]
    [InlineData("MTU = 1\n[Peer]\nMTU = 1\n", "MTU = 1\n[Peer]\nMTU = 1\n\n")]
    [InlineData("[ Interface ]\nMTU = 1\n", "[ Interface ]\nMTU = 1\n\n")]
    [InlineData("[iNTERFACE] = x # y\nmtu=1\n[\nMTU = 1", "[iNTERFACE] = x # y\n[\nMTU = 1\n\n")]
    [InlineData("[Interface]\nM TU = 1\n# MTU = 1\n\n  ", "[Interface]\nM TU = 1\n# MTU = 1\n\n\n")]
    [InlineData("[Interface]\nM\0TU = 1\n\\n", "[Interface]\n\\n\n\n")]
    public void Strips(string text, string stripped) => Assert.Equal(stripped, QuickConf.Parse(text, null).Strip());

    [Fact]
    public void StripsAsStockDoes()
    {
        Assert.SkipUnless(StockWg.IsQuickHere && Environment.IsPrivilegedProcess, "There is no stock wg-quick, or it would ask for a password.");
        string directory = Directory.CreateTempSubdirectory("chasqui").FullName;
        string path = Path.Combine(directory, "wg0.conf");
        try
        {
            for (int seed = 0; seed < 60; seed++)
            {
                string text = new QuickTextSource(seed).Next();
                File.WriteAllText(path, text, Encoding.Latin1);
                StockAnswer stock = StockWg.RunQuick("strip", path);

                string ours = Strip(text);

                Assert.True(ours == Encoding.Latin1.GetString(stock.ExitCode == 0 ? stock.Output : stock.Error), $"seed {seed}:\n{text}");
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("wg set %i fwmark %i%i", "wg set wg0 fwmark wg0wg0")]
    [InlineData("echo %% %I %", "echo %% %I %")]
    public void ExpandsHooks(string hook, string expanded) => Assert.Equal(expanded, QuickConf.ExpandHook(hook, "wg0"));

    private static string Strip(string text)
    {
        try
        {
            return QuickConf.Parse(text, null).Strip();
        }
        catch (ConfigException e)
        {
            return Encoding.UTF8.GetString(e.StockOutput.Span);
        }
    }

    private static IEnumerable<string> Texts(IEnumerable<QuickValue> values) => values.Select(static value => value.Text);
}
