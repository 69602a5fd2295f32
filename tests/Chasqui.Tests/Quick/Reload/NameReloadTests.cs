using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class NameReloadTests
{
    private const string Address = "192.0.2.1:1";

    [Fact]
    public void ANameThatTheDaemonHasIsNoDifference()
    {
        NameReload names = Of(Running("a.example:1"), null, "1|a.example:1|");

        Assert.False(names.IsDifferent);
        Assert.Empty(names.Wanted.Peers);
    }

    [Fact]
    public void AnotherNameIsOneAndComesBackWhenUndone()
    {
        NameReload names = Of(Running("a.example:1"), null, "1|b.example:1|");

        Assert.True(names.IsDifferent);
        Assert.Equal("b.example:1", Assert.Single(names.Wanted.Peers).EndpointName.ToString());
        Assert.Equal("a.example:1", Assert.Single(names.Before.Peers).EndpointName.ToString());
    }

    [Fact]
    public void AnAddressInItsPlaceTakesTheNameAway()
    {
        NameReload names = Of(Running("a.example:1"), null, $"1|{Address}|");

        Assert.True(names.IsDifferent);
        Assert.True(Assert.Single(names.Wanted.Peers).EndpointName!.Value.IsNone);
    }

    [Fact]
    public void ToADaemonWithoutNamesOneIsADifferenceOnlyIfTheTextHasChanged()
    {
        var note = new QuickNote { Index = 1, Endpoints = new Dictionary<string, string> { [Devices.Key(1).ToString()] = "a.example:1" } };

        Assert.False(Of(Running(""), null, "1|a.example:1|").IsDifferent);
        Assert.False(Of(Running(""), note, "1|a.example:1|").IsDifferent);
        Assert.True(Of(Running(""), note, "1|b.example:1|").IsDifferent);
    }

    [Fact]
    public void ANameFollowsAnAddressThatIsSet()
    {
        NameReload names = Of(Running("a.example:1", "192.0.2.9:9"), null, "1|a.example:1|");

        Assert.False(names.IsDifferent);
        Assert.Single(names.Wanted.Peers);
        Assert.Single(names.Before.Peers);
    }

    private static PeerSnapshot Running(string name, string endpoint = Address) => new()
    {
        PublicKey = Devices.Key(1),
        Endpoint = Devices.Endpoint(endpoint),
        EndpointName = EndpointName.TryParse(name, out EndpointName parsed) ? parsed : default,
    };

    private static NameReload Of(PeerSnapshot peer, QuickNote? note, params string[] file)
    {
        using DeviceSnapshot device = Devices.Device(peer);
        using WgConf conf = Devices.File(file);
        IpEndpoint[] answer = [Devices.Endpoint(Address)];
        var endpoints = new EndpointChoice(device, conf, note, _ => answer, 1_000_000_000_000);
        return NameReload.Of(DeviceReload.Of(device, conf, endpoints), conf);
    }
}
