using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Uapi;
using static Chasqui.Core.Tests.Uapi.UapiTestText;

namespace Chasqui.Core.Tests.Uapi;

public sealed class UapiGetReplyReaderTests
{
    [Fact]
    public void ReadsBackWhatTheDeviceWritesCutAtEveryByte()
    {
        string text = Write(UapiWriterTests.Device());
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            using var reader = new UapiGetReplyReader(null);
            ReadOnlySpan<byte> head = bytes.AsSpan(0, cut), tail = bytes.AsSpan(cut);

            Assert.False(reader.TryRead(ref head, out _, out _));
            Assert.True(reader.TryRead(ref tail, out DeviceSnapshot? snapshot, out int errno));
            Assert.Equal(0, errno);
            Assert.Equal(text, Write(snapshot!));
        }
    }

    [Fact]
    public void AZeroPresharedKeyIsNone()
    {
        DeviceSnapshot? snapshot = ReadReply($"public_key={PublicHexA}", $"preshared_key={Zeros}", "errno=0");

        Assert.Null(Assert.Single(snapshot!.Peers).PresharedKey);
    }

    [Fact]
    public void APresharedKeyDoesNotCarryOverToTheNextPeer()
    {
        DeviceSnapshot? snapshot = ReadReply(
            $"public_key={PublicHexA}", $"preshared_key={PresharedHex}", $"public_key={PublicHexB}", "errno=0");

        Assert.NotNull(snapshot!.Peers[0].PresharedKey);
        Assert.Null(snapshot.Peers[1].PresharedKey);
    }

    [Fact]
    public void ReadsANameOfAnEndpointAndPassesOverWhatIsNone()
    {
        DeviceSnapshot? snapshot = ReadReply(
            $"public_key={PublicHexA}", "endpoint_name=vpn.example:1", $"public_key={PublicHexB}", "endpoint_name=no name", "errno=0");

        Assert.Equal("vpn.example:1", snapshot!.Peers[0].EndpointName.ToString());
        Assert.True(snapshot.Peers[1].EndpointName.IsNone);
    }

    [Fact]
    public void SkipsUnknownKeysAndKeysOutOfPlace()
    {
        DeviceSnapshot? snapshot = ReadReply(
            "own_public_key=00", "allowed_ip=nonsense", "tx_bytes=x", "listen_port=1", $"public_key={PublicHexA}", "listen_port=x",
            "private_key=x", "daita_enable=1", "replace_allowed_ips=x", "errno=0");

        Assert.Equal((ushort)1, snapshot!.ListenPort);
        Assert.Single(snapshot.Peers);
    }

    [Fact]
    public void ReadsANamedScope()
    {
        DeviceSnapshot? snapshot = ReadReply($"public_key={PublicHexA}", "endpoint=[fe80::1%eth0]:51820", "errno=0");

        Assert.Equal("[fe80::1%7]:51820", snapshot!.Peers[0].Endpoint.ToString());
    }

    [Fact]
    public void AHandshakeInTheFarFutureIsTheLastMomentThereIs()
    {
        DeviceSnapshot? snapshot = ReadReply($"public_key={PublicHexA}", "last_handshake_time_sec=9223372036854775807", "errno=0");

        Assert.Equal(long.MaxValue, snapshot!.Peers[0].LastHandshakeUnixNanoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("listen_port=1")]
    [InlineData("errno=-22")]
    [InlineData("errno=")]
    [InlineData("errno=x")]
    [InlineData("errno=2147483648")]
    [InlineData("nonsense")]
    [InlineData("private_key=00")]
    [InlineData("listen_port=65536")]
    [InlineData("fwmark=0x1")]
    [InlineData("public_key=00")]
    [InlineData($"public_key={PublicHexA}\npreshared_key=00")]
    [InlineData($"public_key={PublicHexA}\nendpoint=x")]
    [InlineData($"public_key={PublicHexA}\nallowed_ip=10.0.0.1")]
    [InlineData($"public_key={PublicHexA}\nallowed_ip=10.0.0.1/33")]
    [InlineData($"public_key={PublicHexA}\nallowed_ip=-10.0.0.1/32")]
    [InlineData($"public_key={PublicHexA}\nrx_bytes=-1")]
    [InlineData($"public_key={PublicHexA}\npersistent_keepalive_interval=off")]
    public void WhatIsNoAnswerIsAProtocolError(string text)
    {
        Assert.Equal(UapiError.Protocol, ErrnoOf(text + "\n\n"));
        if (text.Length > 0 && text != "listen_port=1" && text != "errno=-22")
        {
            Assert.Equal(UapiError.Protocol, ErrnoOf($"{text}\nerrno=0\n\n"));
        }
    }

    [Fact]
    public void TheDevicesOwnErrorIsToldAsStockWgTellsIt() => Assert.Equal(-22, ErrnoOf("listen_port=1\nerrno=22\n\n"));

    [Fact]
    public void RandomGarbageNeverThrows()
    {
        const int Seed = 12;
        var random = new Random(Seed);
        byte[] good = Encoding.ASCII.GetBytes(Write(UapiWriterTests.Device()));
        for (int i = 0; i < 50_000; i++)
        {
            byte[] text = [.. good];
            for (int changes = random.Next(4); changes >= 0; changes--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            using var reader = new UapiGetReplyReader(InterfaceIndex);
            ReadOnlySpan<byte> bytes = text;
            try
            {
                _ = reader.TryRead(ref bytes, out _, out _);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, iteration {i}: {e}");
            }
        }
    }

    private static DeviceSnapshot? ReadReply(params string[] lines)
    {
        using var reader = new UapiGetReplyReader(InterfaceIndex);
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(Lines([.. lines, ""]));
        Assert.True(reader.TryRead(ref bytes, out DeviceSnapshot? snapshot, out int errno));
        Assert.Equal(0, errno);
        return snapshot;
    }

    private static int ErrnoOf(string text)
    {
        using var reader = new UapiGetReplyReader(InterfaceIndex);
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(text);
        Assert.True(reader.TryRead(ref bytes, out DeviceSnapshot? snapshot, out int errno));
        Assert.Null(snapshot);
        return errno;
    }
}
