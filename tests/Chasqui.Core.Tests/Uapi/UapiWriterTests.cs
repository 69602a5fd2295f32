using System.Buffers;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;
using static Chasqui.Core.Tests.Uapi.UapiTestText;

namespace Chasqui.Core.Tests.Uapi;

public sealed class UapiWriterTests
{
    private static readonly string Golden = Lines(
        $"private_key={PrivateHex}",
        "listen_port=51820",
        "fwmark=4294967295",
        $"public_key={PublicHexA}",
        $"preshared_key={PresharedHex}",
        "protocol_version=1",
        "endpoint=[fe80::1%3]:51820",
        "last_handshake_time_sec=1700000000",
        "last_handshake_time_nsec=123456789",
        "tx_bytes=18446744073709551615",
        "rx_bytes=2224",
        "persistent_keepalive_interval=25",
        "allowed_ip=10.0.0.0/24",
        "allowed_ip=fd00::/64",
        $"public_key={PublicHexB}",
        $"preshared_key={Zeros}",
        "protocol_version=1",
        "last_handshake_time_sec=0",
        "last_handshake_time_nsec=0",
        "tx_bytes=0",
        "rx_bytes=0",
        "persistent_keepalive_interval=0",
        "errno=0",
        "");

    [Fact]
    public void WritesEveryKeyInWireguardGosOrder() => Assert.Equal(Golden, Write(Device()));

    [Fact]
    public void AnEmptyDeviceIsOnlyItsEnd()
    {
        Assert.Equal("errno=0\n\n", Write(new DeviceSnapshot()));
        Assert.Equal("errno=0\n\n", Write(new DeviceSnapshot { PrivateKey = new PrivateKey(new byte[32]) }));
    }

    [Fact]
    public void TheLongestNameFitsIntoTheShortestBuffer()
    {
        Assert.True(EndpointName.TryMake(new string('a', 249), 51820, out EndpointName name));
        PeerSnapshot peer = new()
        {
            PublicKey = new PublicKey(Convert.FromHexString(PublicHexA)),
            Endpoint = new IpEndpoint(IpAddress.V6(ulong.MaxValue, ulong.MaxValue), 65535, uint.MaxValue),
            EndpointName = name,
            LastHandshakeUnixNanoseconds = long.MaxValue,
            ReceivedBytes = ulong.MaxValue,
            SentBytes = ulong.MaxValue,
            PersistentKeepaliveSeconds = 65535,
        };
        var writer = new UapiWriter(new DeviceSnapshot { Peers = [peer] });
        byte[] buffer = new byte[UapiWriter.MinimumBufferLength];

        string text = Encoding.ASCII.GetString(buffer, 0, writer.Write(buffer));

        Assert.Contains($"\nendpoint_name={name}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WritesTheSameIntoBuffersOfAnySize()
    {
        for (int size = UapiWriter.MinimumBufferLength; size < 1700; size++)
        {
            var writer = new UapiWriter(Device());
            var text = new StringBuilder();
            byte[] buffer = new byte[size];
            while (!writer.IsDone)
            {
                int length = writer.Write(buffer);
                Assert.NotEqual(0, length);
                text.Append(Encoding.ASCII.GetString(buffer, 0, length));
            }

            Assert.Equal(Golden, text.ToString());
            Assert.Equal(0, writer.Write(buffer));
        }
    }

    [Fact]
    public void TheLongestLinesFit()
    {
        byte[] key = new byte[32];
        key.AsSpan().Fill(255);
        var address = IpAddress.V6(0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff);
        var snapshot = new DeviceSnapshot
        {
            PrivateKey = new PrivateKey(key),
            ListenPort = 65535,
            FwMark = uint.MaxValue,
            Peers =
            [
                new PeerSnapshot
                {
                    PublicKey = new PublicKey(key),
                    PresharedKey = new PresharedKey(key),
                    Endpoint = new IpEndpoint(address, 65535, uint.MaxValue),
                    LastHandshakeUnixNanoseconds = long.MaxValue,
                    SentBytes = ulong.MaxValue,
                    ReceivedBytes = ulong.MaxValue,
                    PersistentKeepaliveSeconds = 65535,
                    AllowedIps = [new IpPrefix(address, 128), new IpPrefix(IpAddress.V6(0, 0xffff_ffff_ffff), 128)],
                },
            ],
        };

        string text = Write(snapshot);

        Assert.Contains("allowed_ip=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128\n", text, StringComparison.Ordinal);
        Assert.EndsWith("errno=0\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TwentyThousandPeersPassThroughOneSmallBuffer()
    {
        var snapshot = new DeviceSnapshot { Peers = [.. Enumerable.Range(0, 20_000).Select(Peer)] };
        var writer = new UapiWriter(snapshot);
        byte[] buffer = new byte[4096];
        long before = GC.GetAllocatedBytesForCurrentThread();
        long length = 0;
        while (!writer.IsDone)
        {
            length += writer.Write(buffer);
        }

        // One address object for each of the 20,000 IPv6 prefixes; nothing for the rest.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 * 120);
        Assert.InRange(length, 20_000 * 350, 20_000 * 450);
    }

    [Theory]
    [InlineData(0, "errno=0\n\n")]
    [InlineData(UapiError.Invalid, "errno=-22\n\n")]
    [InlineData(int.MinValue, "errno=-2147483648\n\n")]
    public void WritesErrors(int errno, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        UapiWriter.WriteError(errno, output);

        Assert.Equal(expected, Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Fact]
    public void RefusesABufferThatIsTooShort()
    {
        var writer = new UapiWriter(new DeviceSnapshot());

        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(new byte[UapiWriter.MinimumBufferLength - 1]));
    }

    internal static DeviceSnapshot Device() => new()
    {
        PrivateKey = new PrivateKey(Convert.FromHexString(PrivateHex)),
        ListenPort = 51820,
        FwMark = uint.MaxValue,
        Peers =
        [
            new PeerSnapshot
            {
                PublicKey = new PublicKey(Convert.FromHexString(PublicHexA)),
                PresharedKey = new PresharedKey(Convert.FromHexString(PresharedHex)),
                Endpoint = new IpEndpoint(IpAddress.V6(0xfe80_0000_0000_0000, 1), 51820, 3),
                LastHandshakeUnixNanoseconds = 1_700_000_000_123_456_789,
                SentBytes = ulong.MaxValue,
                ReceivedBytes = 2224,
                PersistentKeepaliveSeconds = 25,
                AllowedIps = [new IpPrefix(IpAddress.V4(0x0a000000), 24), new IpPrefix(IpAddress.V6(0xfd00_0000_0000_0000, 0), 64)],
            },
            new PeerSnapshot { PublicKey = new PublicKey(Convert.FromHexString(PublicHexB)) },
        ],
    };

    private static PeerSnapshot Peer(int i)
    {
        byte[] key = new byte[32];
        BitConverter.TryWriteBytes(key, i);
        return new PeerSnapshot
        {
            PublicKey = new PublicKey(key),
            Endpoint = new IpEndpoint(IpAddress.V4((uint)i), 51820),
            AllowedIps = [new IpPrefix(IpAddress.V4((uint)i), 32), new IpPrefix(IpAddress.V6(0xfd00_0000_0000_0000, (ulong)i), 128)],
        };
    }
}
