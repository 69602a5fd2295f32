using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Quick;
using Chasqui.Quick.Reload;

namespace Chasqui.Tests.Quick.Reload;

public sealed class EndpointChoiceTests
{
    private const long Now = 10_000;
    private const long Recent = Now - 179;
    private const long Old = Now - 180;

    private readonly List<string> _asked = [];

    /// <summary>The file's endpoint, the last one that was carried out ("?" if nobody knows), where the peer is, its handshake, and what it gets.</summary>
    public static TheoryData<string, string, string, long, string> Cases => new()
    {
        // A number that is another than where the peer is.
        { "192.0.2.1:1", "192.0.2.1:1", "198.51.100.1:9", Recent, "" },
        { "192.0.2.1:1", "192.0.2.1:1", "198.51.100.1:9", Old, "192.0.2.1:1" },
        { "192.0.2.1:1", "192.0.2.7:1", "198.51.100.1:9", Recent, "192.0.2.1:1" },
        { "192.0.2.1:1", "", "198.51.100.1:9", Recent, "192.0.2.1:1" },
        { "192.0.2.1:1", "?", "198.51.100.1:9", Recent, "" },
        { "192.0.2.1:1", "?", "198.51.100.1:9", Old, "192.0.2.1:1" },
        { "192.0.2.1:1", "?", "192.0.2.1:1", Old, "" },
        { "192.0.2.1:1", "?", "", 0, "192.0.2.1:1" },

        // A name with two addresses.
        { "two.example:1", "two.example:1", "198.51.100.1:9", Recent, "" },
        { "two.example:1", "two.example:1", "203.0.113.1:1", Old, "" },
        { "two.example:1", "two.example:1", "203.0.113.2:1", Old, "" },
        { "two.example:1", "two.example:1", "203.0.113.3:1", Old, "203.0.113.1:1" },
        { "two.example:1", "one.example:1", "198.51.100.1:9", Recent, "203.0.113.1:1" },
        { "two.example:1", "one.example:1", "203.0.113.2:1", Recent, "" },

        // A name without.
        { "none.example:1", "none.example:1", "198.51.100.1:9", Old, "" },
        { "none.example:1", "one.example:1", "198.51.100.1:9", Recent, "" },

        // No endpoint at all: the peer stays where it is.
        { "", "192.0.2.1:1", "198.51.100.1:9", Old, "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void KeepsAnEndpointThatWorks(string written, string before, string running, long handshake, string expected)
    {
        using DeviceSnapshot device = Devices.Device(Devices.Peer(1, running, handshake, "10.0.0.1/32"));
        using WgConf file = Devices.File($"1|{written}|10.0.0.1/32");

        DeviceReload reload = DeviceReload.Of(device, file, Choice(device, file, before));

        IpEndpoint? given = reload.Peers.SingleOrDefault()?.Endpoint;
        Assert.Equal(expected.Length == 0 ? null : Devices.Endpoint(expected), given);
    }

    [Fact]
    public void AsksForNoNameOfAPeerThatWorks()
    {
        using DeviceSnapshot device = Devices.Device(Devices.Peer(1, "198.51.100.1:9", Recent), Devices.Peer(2, "198.51.100.2:9", Old));
        using WgConf file = Devices.File("1|one.example:1|", "2|two.example:1|", "3|two.example:1|", "4|none.example:1|");

        EndpointChoice choice = Choice(device, file, "?");

        Assert.Equal(["two.example:1", "none.example:1"], _asked);
        Assert.Equal(Devices.Key(4), Assert.Single(choice.Unresolved).PublicKey);
    }

    private EndpointChoice Choice(DeviceSnapshot device, WgConf file, string before)
    {
        var endpoints = new Dictionary<string, string> { [Devices.Key(1).ToString()] = before };
        QuickNote? note = before == "?" ? null : new QuickNote { Index = 1, Endpoints = endpoints };
        return new EndpointChoice(device, file, note, Lookup, Now * 1_000_000_000);
    }

    private IReadOnlyList<IpEndpoint> Lookup(ConfEndpoint endpoint)
    {
        _asked.Add(endpoint.Text);
        return endpoint.Host switch
        {
            "one.example" => [Devices.Endpoint("203.0.113.1:1")],
            "two.example" => [Devices.Endpoint("203.0.113.1:1"), Devices.Endpoint("203.0.113.2:1")],
            _ => [],
        };
    }
}
