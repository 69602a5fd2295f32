using System.Text;
using System.Text.Json;
using Chasqui.Cli.Commands.Wg;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Tests.Wg;

/// <summary>The document of docs/json.md. What is written here is a promise to scripts.</summary>
public sealed class ShowJsonTests
{
    [Fact]
    public void TheWholeDocumentIsThis()
    {
        using NamedDevice device = FieldShowTests.Device();

        Assert.Equal(
            """
            {
              "version": 1,
              "interfaces": [
                {
                  "name": "wg0",
                  "listenPort": 5,
                  "fwMark": 0,
                  "peers": [
                    {
                      "publicKey": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
                      "presharedKey": "(hidden)",
                      "endpoint": "[2001:db8::1]:7",
                      "allowedIps": [
                        "10.0.0.0/8",
                        "::/0"
                      ],
                      "latestHandshake": 9,
                      "receivedBytes": 11,
                      "sentBytes": 12,
                      "persistentKeepalive": 25
                    },
                    {
                      "publicKey": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
                      "allowedIps": [],
                      "latestHandshake": 0,
                      "receivedBytes": 0,
                      "sentBytes": 0,
                      "persistentKeepalive": 0
                    }
                  ]
                }
              ]
            }

            """,
            Render(ShowJson.ToJson(device, field: null, showsKeys: false)));
    }

    [Fact]
    public void ANameOfAnEndpointIsShownBesideItsAddress()
    {
        Assert.True(EndpointName.TryParse("vpn.example:7", out EndpointName name));
        using NamedDevice device = new("wg0", new DeviceSnapshot { Peers = [new PeerSnapshot { PublicKey = default, EndpointName = name }] });

        Assert.Contains("\"endpointName\": \"vpn.example:7\"", Render(ShowJson.ToJson(device, "endpoints", showsKeys: false)), StringComparison.Ordinal);
        Assert.DoesNotContain("endpointName", Render(ShowJson.ToJson(device, "transfer", showsKeys: false)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("listen-port", "name listenPort")]
    [InlineData("fwmark", "name fwMark")]
    [InlineData("public-key", "name publicKey")]
    [InlineData("private-key", "name privateKey")]
    [InlineData("peers", "name peers:publicKey")]
    [InlineData("transfer", "name peers:publicKey,receivedBytes,sentBytes")]
    [InlineData("preshared-keys", "name peers:publicKey,presharedKey")]
    [InlineData("dump", "name publicKey privateKey listenPort fwMark peers:publicKey,presharedKey,allowedIps,latestHandshake,receivedBytes,sentBytes,persistentKeepalive")]
    public void AFieldIsAllThatIsThere(string field, string expected)
    {
        using NamedDevice device = Keyed();
        using JsonDocument document = JsonDocument.Parse(Render(ShowJson.ToJson(device, field, showsKeys: false)));

        IEnumerable<string> members = document.RootElement.GetProperty("interfaces")[0].EnumerateObject().Select(member =>
            member.Name == "peers" ? "peers:" + string.Join(',', member.Value[0].EnumerateObject().Select(inner => inner.Name)) : member.Name);

        Assert.Equal(expected, string.Join(' ', members));
    }

    [Theory]
    [InlineData(null, false, "(hidden)")]
    [InlineData(null, true, "CAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAUE=")]
    [InlineData("private-key", false, "CAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAUE=")]
    [InlineData("dump", false, "CAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAUE=")]
    public void SecretsAreShownToThoseWhoAskForThem(string? field, bool showsKeys, string expected)
    {
        using NamedDevice device = Keyed();

        Assert.Equal(expected, ShowJson.ToJson(device, field, showsKeys).PrivateKey);
    }

    private static NamedDevice Keyed()
    {
        byte[] key = [.. Enumerable.Repeat((byte)1, 32)];
        key[0] = 8;
        return new NamedDevice("wg0", new DeviceSnapshot
        {
            PrivateKey = new PrivateKey(key),
            Peers = [new PeerSnapshot { PublicKey = new PublicKey(key), PresharedKey = new PresharedKey(key) }],
        });
    }

    private static string Render(InterfaceJson json)
    {
        using WgText text = new();
        ShowJson.Append(text, [json]);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
