using System.Text;
using Chasqui.Cli.Commands.Wg;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Tests.Wg;

public sealed class PrettyShowTests
{
    private const long Now = 1_700_000_000;

    [Fact]
    public void ShowsWhatIsSetAndHidesKeys()
    {
        using NamedDevice device = new("wg0", new DeviceSnapshot
        {
            PrivateKey = new PrivateKey(Bytes(1)),
            ListenPort = 51820,
            FwMark = 0x1234,
            Peers =
            [
                new PeerSnapshot
                {
                    PublicKey = new PublicKey(Bytes(2)),
                    PresharedKey = new PresharedKey(Bytes(3)),
                    Endpoint = new IpEndpoint(IpAddress.V4(0xC0000201), 7),
                    AllowedIps = [new IpPrefix(IpAddress.V4(0x0A000000), 8), new IpPrefix(IpAddress.V6(0, 0), 0)],
                    LastHandshakeUnixNanoseconds = (Now - 61) * 1_000_000_000,
                    ReceivedBytes = 1024,
                    PersistentKeepaliveSeconds = 25,
                },
            ],
        });

        Assert.Equal(
            $"""
            interface: wg0
              public key: {device.PublicKey}
              private key: (hidden)
              listening port: 51820
              fwmark: 0x1234

            peer: AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=
              preshared key: (hidden)
              endpoint: 192.0.2.1:7
              allowed ips: 10.0.0.0/8, ::/0
              latest handshake: 1 minute, 1 second ago
              transfer: 1.00 KiB received, 0 B sent
              persistent keepalive: every 25 seconds

            """,
            Render(device, isColoured: false));
    }

    [Theory]
    [InlineData(0, "Now")]
    [InlineData(1, "(System clock wound backward; connection problems may ensue.)")]
    [InlineData(-1, "1 second ago")]
    public void TellsTheAgeOfAHandshake(long seconds, string expected)
    {
        using NamedDevice device = new("wg0", new DeviceSnapshot { Peers = [Peer(1, Now + seconds)] });

        Assert.Contains($"  latest handshake: {expected}\n", Render(device, isColoured: false), StringComparison.Ordinal);
    }

    [Fact]
    public void SortsByHandshakeAndKeepsTheOrderOfEquals()
    {
        PeerSnapshot[] sorted = PrettyShow.SortByHandshake([Peer(1, 0), Peer(2, 5), Peer(3, 9), Peer(4, 5), Peer(5, 0)]);

        Assert.Equal([3, 2, 4, 1, 5], sorted.Select(peer => (int)peer.PublicKey.AsSpan()[0]));
    }

    [Fact]
    public void ColoursAsStockDoes()
    {
        using NamedDevice device = new("wg0", new DeviceSnapshot { ListenPort = 1, Peers = [Peer(2, Now + 1)] });

        Assert.Equal(
            "\e[0m\e[32m\e[1minterface\e[0m: \e[32mwg0\e[0m\n  \e[1mlistening port\e[0m: 1\n\n"
            + "\e[33m\e[1mpeer\e[0m: \e[33mAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\e[0m\n  \e[1mallowed ips\e[0m: (none)\n"
            + "  \e[1mlatest handshake\e[0m: (\e[31mSystem clock wound backward; connection problems may ensue.\e[0m)\n",
            Render(device, isColoured: true));
    }

    private static PeerSnapshot Peer(byte number, long handshake) =>
        new() { PublicKey = new PublicKey(Bytes(number)), LastHandshakeUnixNanoseconds = handshake * 1_000_000_000 };

    private static byte[] Bytes(byte value) => [.. Enumerable.Repeat(value, 32)];

    private static string Render(NamedDevice device, bool isColoured)
    {
        using WgText text = new();
        PrettyShow.Append(text, device, new ShowOptions(isColoured, ShowsKeys: false, Now));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
