using Chasqui.Core.Config;

namespace Chasqui.Core.Tests.Config;

public sealed class QuickConfNameTests
{
    [Theory]
    [InlineData("wg0", "/etc/wireguard/wg0.conf")]
    [InlineData("wg0.conf", "/etc/wireguard/wg0.conf.conf")]
    [InlineData("a_=+.-Z9", "/etc/wireguard/a_=+.-Z9.conf")]
    [InlineData("123456789012345", "/etc/wireguard/123456789012345.conf")]
    [InlineData("1234567890123456", "1234567890123456")]
    [InlineData("./wg0", "./wg0")]
    [InlineData("wg 0", "wg 0")]
    [InlineData("wgé", "wgé")]
    [InlineData("wg0\n", "wg0\n")]
    [InlineData("", "")]
    public void AnArgumentIsANameOrAPath(string argument, string path) => Assert.Equal(path, QuickConfName.PathOf(argument));

    [Theory]
    [InlineData("/etc/wireguard/wg0.conf", "wg0")]
    [InlineData("wg0.conf", "wg0")]
    [InlineData("./a.conf.conf", "a.conf")]
    [InlineData("x/123456789012345.conf", "123456789012345")]
    [InlineData("x/1234567890123456.conf", null)]
    [InlineData("x/.conf", null)]
    [InlineData("x/wg0.CONF", null)]
    [InlineData("x/wg0", null)]
    [InlineData("x/wg0.conf/", null)]
    [InlineData("x/w g.conf", null)]
    [InlineData("wg0.conf\n", null)]
    public void AFileIsForTheInterfaceOfItsName(string path, string? name)
    {
        Assert.Equal(name is not null, QuickConfName.TryGetInterface(path, out string? found));
        Assert.Equal(name, found);
    }

    [Theory]
    [InlineData("wg0", true)]
    [InlineData("...", true)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("", false)]
    [InlineData("1234567890123456", false)]
    [InlineData("a/b", false)]
    public void TheKernelMakesNoInterfaceThatIsAFolder(string name, bool isName) => Assert.Equal(isName, QuickConfName.IsNewInterfaceName(name));
}
