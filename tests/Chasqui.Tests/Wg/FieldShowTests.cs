using System.Text;
using Chasqui.Cli.Commands.Wg;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Tests.Wg;

public sealed class FieldShowTests
{
    private const string KeyA = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    private const string KeyB = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    [Theory]
    [InlineData("public-key", "(none)\n")]
    [InlineData("private-key", "(none)\n")]
    [InlineData("listen-port", "5\n")]
    [InlineData("fwmark", "off\n")]
    [InlineData("peers", $"{KeyA}\n{KeyB}\n")]
    [InlineData("preshared-keys", $"{KeyA}\t(none)\n{KeyB}\t{KeyA}\n")]
    [InlineData("endpoints", $"{KeyA}\t(none)\n{KeyB}\t[2001:db8::1]:7\n")]
    [InlineData("allowed-ips", $"{KeyA}\t(none)\n{KeyB}\t10.0.0.0/8 ::/0\n")]
    [InlineData("latest-handshakes", $"{KeyA}\t0\n{KeyB}\t9\n")]
    [InlineData("transfer", $"{KeyA}\t0\t0\n{KeyB}\t11\t12\n")]
    [InlineData("persistent-keepalive", $"{KeyA}\toff\n{KeyB}\t25\n")]
    [InlineData("dump", $"(none)\t(none)\t5\toff\n{KeyA}\t(none)\t(none)\t(none)\t0\t0\t0\toff\n{KeyB}\t{KeyA}\t[2001:db8::1]:7\t10.0.0.0/8,::/0\t9\t11\t12\t25\n")]
    public void WritesAField(string field, string expected) => Assert.Equal(expected, Render(field, withInterface: false));

    [Theory]
    [InlineData("listen-port", "wg0\t5\n")]
    [InlineData("peers", $"wg0\t{KeyA}\nwg0\t{KeyB}\n")]
    [InlineData("endpoints", $"wg0\t{KeyA}\t(none)\n{KeyB}\t[2001:db8::1]:7\n")] // the release of 2021
    public void BeginsLinesWithTheInterface(string field, string expected) => Assert.Equal(expected, Render(field, withInterface: true));

    [Fact]
    public void KnowsNoOtherField()
    {
        using WgText text = new();
        using NamedDevice device = Device();

        Assert.False(FieldShow.TryAppend(text, device, "nonsense", withInterface: false));
        Assert.Equal(0, text.WrittenSpan.Length);
    }

    internal static NamedDevice Device() => new("wg0", new DeviceSnapshot
    {
        ListenPort = 5,
        Peers =
        [
            new PeerSnapshot { PublicKey = new PublicKey(Bytes(1)) },
            new PeerSnapshot
            {
                PublicKey = new PublicKey(Bytes(2)),
                PresharedKey = new PresharedKey(Bytes(1)),
                Endpoint = new IpEndpoint(IpAddress.V6(0x20010DB8_00000000, 1), 7),
                AllowedIps = [new IpPrefix(IpAddress.V4(0x0A000000), 8), new IpPrefix(IpAddress.V6(0, 0), 0)],
                LastHandshakeUnixNanoseconds = 9_999_999_999,
                ReceivedBytes = 11,
                SentBytes = 12,
                PersistentKeepaliveSeconds = 25,
            },
        ],
    });

    private static byte[] Bytes(byte value) => [.. Enumerable.Repeat(value, 32)];

    private static string Render(string field, bool withInterface)
    {
        using WgText text = new();
        using NamedDevice device = Device();
        Assert.True(FieldShow.TryAppend(text, device, field, withInterface));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
