using Chasqui.Core.Config;
using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class WantedStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chq-wanted-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NetworksOfAddressesNeedNoRoutes()
    {
        WantedState wanted = Of("Address = 10.8.0.2/24, fd00::1/64", Running(), "10.8.0.0/25", "10.8.0.0/16", "fd00::/64", "fd00::7/128", "fd00::/48");

        Assert.Equal(["fd00::/48", "10.8.0.0/16"], wanted.Routes.Select(static route => route.ToString()));
    }

    [Theory]
    [InlineData("", "::/0 table 51820", "0.0.0.0/0 table 51820")]
    [InlineData("FwMark = 0x10", "::/0 table 16", "0.0.0.0/0 table 16")]
    [InlineData("FwMark = off", "::/0 table 51820", "0.0.0.0/0 table 51820")]
    [InlineData("Table = 9", "::/0 table 9", "0.0.0.0/0 table 9")]
    [InlineData("Table = off")]
    public void DefaultRoutesGoWhereTheFileSays(string line, params string[] routes)
    {
        WantedState wanted = Of(line, Running(), "0.0.0.0/0", "::/0");

        Assert.Equal(routes, wanted.Routes.Select(static route => route.ToString()));
        Assert.Equal(!line.StartsWith("Table", StringComparison.Ordinal), wanted.HasDetour4 && wanted.HasDetour6);
    }

    [Theory]
    [InlineData("", 51823u, "0.0.0.0/0", 51823u)]
    [InlineData("", 0x1234u, "0.0.0.0/0", 51820u)]
    [InlineData("", 51823u, "10.0.0.0/8", 0u)]
    [InlineData("FwMark = 5", 51823u, "0.0.0.0/0", 5u)]
    [InlineData("PostUp = wg set %i fwmark 77", 77u, "10.0.0.0/8", 77u)]
    public void TheMarkThatUpChoseStays(string line, uint running, string allowed, uint mark) =>
        Assert.Equal(mark, Of(line, Running() with { Mark = running }, allowed).Mark);

    [Fact]
    public void AddressesOfCommandsStay()
    {
        RunningState running = Running() with { Addresses = [Address("10.0.0.1/32"), Address("10.0.0.10/32"), Address("10.0.0.100/32")] };

        WantedState wanted = Of("Address = 10.0.0.1/32\nPostUp = ip addr add 10.0.0.100/32 dev %i", running);

        Assert.Equal(["10.0.0.1/32", "10.0.0.100/32"], wanted.Addresses.Select(static address => address.ToString()));
    }

    [Theory]
    [InlineData("MTU = 1300", 1300)]
    [InlineData("", 1234)]
    [InlineData("PostUp = ip link set mtu 1111 dev %i", 1420)]
    public void TheMtuIsTheFilesOrTheAutomaticOne(string line, int mtu) => Assert.Equal(mtu, Of(line, Running()).Mtu);

    private static RunningState Running() => new() { Mtu = 1420, FreeTable = 51820 };

    private WantedState Of(string lines, RunningState running, params string[] allowedIps)
    {
        string path = Path.Combine(_folder, "wg0.conf");
        File.WriteAllText(path, $"[Interface]\n{lines}\n");
        QuickFile file = QuickFile.Load(path);
        using WgConf conf = WgConf.Parse(file.Conf.Strip(), new WgConfOptions());
        using DeviceSnapshot device = Devices.Device(Devices.Peer(1, "", 0, allowedIps));
        return WantedState.Of(file, conf.FwMark, DeviceOutcome.Of(device, new DeviceChange()), running, static () => 1234);
    }

    private static QuickAddress Address(string text) =>
        QuickAddress.TryParse(text, out QuickAddress address) ? address : throw new ArgumentException(text);
}
