using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Uapi;
using Chasqui.Core.Wire;
using static Chasqui.Core.Tests.Uapi.UapiTestText;

namespace Chasqui.Core.Tests.Uapi;

public sealed class UapiReaderTests
{
    [Fact]
    public void ReadsEveryKey()
    {
        UapiOperation operation = Read(EveryKey);

        Assert.Equal(UapiOperationKind.Set, operation.Kind);
        Assert.Equal(EveryKey, Write(operation.Change!));
    }

    [Theory]
    [InlineData("endpoint_name=vpn.example.org:51820")]
    [InlineData("endpoint_name=[fe80::1%eth0]:5")]
    [InlineData("endpoint_name=")]
    public void ReadsANameOfAnEndpoint(string line)
    {
        DeviceChange change = ReadSet($"public_key={PublicHexA}", "endpoint=192.0.2.1:5", line);

        Assert.Equal(line, $"endpoint_name={change.Peers[0].EndpointName}");
        Assert.Equal(Lines("set=1", $"public_key={PublicHexA}", "endpoint=192.0.2.1:5", line, ""), Write(change));
    }

    [Fact]
    public void ReadsGet()
    {
        UapiOperation operation = Read("get=1\n\n");

        Assert.Equal(UapiOperationKind.Get, operation.Kind);
        Assert.Null(operation.Change);
        Assert.Null(operation.Failure);
    }

    [Fact]
    public void AnEmptySetChangesNothing()
    {
        DeviceChange change = ReadSet();

        Assert.Null(change.PrivateKey);
        Assert.Null(change.ListenPort);
        Assert.Null(change.FwMark);
        Assert.False(change.ReplacePeers);
        Assert.Empty(change.Peers);
    }

    [Fact]
    public void APeerWithoutLinesChangesNothingOfIt()
    {
        PeerChange peer = Assert.Single(ReadSet($"public_key={PublicHexA}").Peers);

        Assert.False(peer.Remove || peer.UpdateOnly || peer.ReplaceAllowedIps);
        Assert.Null(peer.PresharedKey);
        Assert.Null(peer.Endpoint);
        Assert.Null(peer.PersistentKeepaliveSeconds);
        Assert.Empty(peer.AllowedIps);
    }

    [Fact]
    public void AZeroPrivateKeyRemovesTheKey() => Assert.True(ReadSet($"private_key={Zeros}").PrivateKey!.IsZero);

    [Fact]
    public void APrivateKeyIsClampedAndHexMayBeUpperCase()
    {
        DeviceChange change = ReadSet($"private_key={new string('F', 64)}");

        Assert.Equal(0xf8, change.PrivateKey!.DangerousSpan[0]);
        Assert.Equal(0x7f, change.PrivateKey.DangerousSpan[31]);
    }

    // A carried-over preshared key would be given to a peer who should have none, or another.
    [Fact]
    public void APresharedKeyNeverCarriesOverToTheNextPeer()
    {
        IReadOnlyList<PeerChange> peers = ReadSet(
            $"public_key={PublicHexA}",
            $"preshared_key={PresharedHex}",
            $"public_key={PublicHexB}").Peers;

        Assert.NotNull(peers[0].PresharedKey);
        Assert.Null(peers[1].PresharedKey);
    }

    [Fact]
    public void NothingElseCarriesOverToTheNextPeer()
    {
        PeerChange next = ReadSet(
            $"public_key={PublicHexA}",
            "update_only=true",
            "endpoint=192.0.2.1:1",
            "persistent_keepalive_interval=25",
            "replace_allowed_ips=true",
            "allowed_ip=10.0.0.0/8",
            $"public_key={PublicHexB}",
            "remove=true",
            $"public_key={PublicHexA}").Peers[2];

        Assert.Null(next.Endpoint);
        Assert.Null(next.PersistentKeepaliveSeconds);
        Assert.False(next.UpdateOnly || next.ReplaceAllowedIps || next.Remove);
        Assert.Empty(next.AllowedIps);
    }

    [Fact]
    public void AfterRemoveTheSectionDoesNotCount()
    {
        PeerChange peer = Assert.Single(ReadSet(
            $"public_key={PublicHexA}",
            $"preshared_key={PresharedHex}",
            "remove=true",
            $"preshared_key={PresharedHex}",
            "endpoint=192.0.2.1:1",
            "allowed_ip=10.0.0.0/8").Peers);

        Assert.True(peer.Remove);
        Assert.Null(peer.PresharedKey);
        Assert.Null(peer.Endpoint);
        Assert.Empty(peer.AllowedIps);
    }

    [Fact]
    public void AfterRemoveTheSectionIsStillChecked() => Assert.Equal(
        UapiError.Invalid, Read(Lines("set=1", $"public_key={PublicHexA}", "remove=true", "endpoint=x", "")).Failure!.Errno);

    [Fact]
    public void TheSamePeerMayComeTwice() =>
        Assert.Equal(2, ReadSet($"public_key={PublicHexA}", "remove=true", $"public_key={PublicHexA}").Peers.Count);

    [Fact]
    public void OfARepeatedKeyTheLastCounts()
    {
        DeviceChange change = ReadSet(
            "listen_port=1", "listen_port=2", $"public_key={PublicHexA}", $"preshared_key={PresharedHex}", $"preshared_key={Zeros}");

        Assert.Equal((ushort)2, change.ListenPort);
        Assert.True(change.Peers[0].PresharedKey!.IsZero);
    }

    [Fact]
    public void ReplacingAllowedIpsForgetsThoseBeforeIt()
    {
        PeerChange peer = ReadSet(
            $"public_key={PublicHexA}", "allowed_ip=10.0.0.0/8", "replace_allowed_ips=true", "allowed_ip=10.1.0.0/16").Peers[0];

        Assert.Equal("10.1.0.0/16", Assert.Single(peer.AllowedIps).Prefix.ToString());
        Assert.True(peer.ReplaceAllowedIps);
    }

    [Theory]
    [InlineData("192.0.2.1:51820", "192.0.2.1:51820")]
    [InlineData("[2001:db8::1]:0", "[2001:db8::1]:0")]
    [InlineData("[fe80::1%eth0]:51820", "[fe80::1%7]:51820")]
    [InlineData("[fe80::1%12]:51820", "[fe80::1%12]:51820")]
    [InlineData("[::ffff:192.0.2.1]:00080", "[::ffff:192.0.2.1]:80")]
    public void ReadsEndpoints(string text, string expected)
    {
        IpEndpoint? endpoint = ReadSet($"public_key={PublicHexA}", $"endpoint={text}").Peers[0].Endpoint;

        Assert.Equal(expected, endpoint.ToString());
    }

    [Theory]
    [InlineData("10.1.2.3/8", "10.0.0.0/8", false)]
    [InlineData("-10.1.2.3/32", "10.1.2.3/32", true)]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", false)]
    [InlineData("-fd00::1/64", "fd00::/64", true)]
    [InlineData("2001:DB8:0:0:0:0:0:1/128", "2001:db8::1/128", false)]
    public void ReadsAllowedIps(string text, string prefix, bool isRemoved)
    {
        AllowedIpChange change = Assert.Single(ReadSet($"public_key={PublicHexA}", $"allowed_ip={text}").Peers[0].AllowedIps);

        Assert.Equal(prefix, change.Prefix.ToString());
        Assert.Equal(isRemoved, change.Remove);
    }

    [Fact]
    public void ProtocolVersionOneIsAccepted() => Assert.Single(ReadSet($"public_key={PublicHexA}", "protocol_version=1").Peers);

    // bufio.ScanLines, with which wireguard-go reads a set, drops one carriage return.
    [Fact]
    public void LinesOfASetMayEndInCarriageReturns() =>
        Assert.Equal((ushort)5, Read("set=1\nlisten_port=5\r\n\r\n").Change!.ListenPort);

    [Fact]
    public void SeveralOperationsComeOverOneConnection()
    {
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes("get=1\n\nset=1\nlisten_port=1\n\nget=1\n\nset=1\n");

        Assert.True(reader.TryRead(ref bytes, out UapiOperation? first));
        Assert.True(reader.TryRead(ref bytes, out UapiOperation? second));
        Assert.True(reader.TryRead(ref bytes, out UapiOperation? third));
        Assert.True(reader.IsIdle);
        Assert.False(reader.TryRead(ref bytes, out _));
        Assert.False(reader.IsIdle);
        Assert.True(bytes.IsEmpty);
        Assert.Equal(
            [UapiOperationKind.Get, UapiOperationKind.Set, UapiOperationKind.Get],
            new UapiOperation[] { first, second, third }.Select(operation => operation.Kind));
    }

    [Fact]
    public void ReadsTheSameCutInTwoAtEveryByte()
    {
        byte[] text = Encoding.ASCII.GetBytes(EveryKey);
        for (int cut = 0; cut < text.Length; cut++)
        {
            using var reader = new UapiReader(null);
            ReadOnlySpan<byte> head = text.AsSpan(0, cut), tail = text.AsSpan(cut);

            Assert.False(reader.TryRead(ref head, out _));
            Assert.True(reader.TryRead(ref tail, out UapiOperation? operation));
            Assert.Equal(EveryKey, Write(operation.Change!));
        }
    }

    [Fact]
    public void ReadsTheSameInPiecesOfAnySize()
    {
        byte[] text = Encoding.ASCII.GetBytes(EveryKey);
        for (int size = 1; size <= 80; size++)
        {
            using var reader = new UapiReader(null);
            UapiOperation? operation = null;
            for (int at = 0; at < text.Length; at += size)
            {
                Assert.Null(operation);
                ReadOnlySpan<byte> piece = text.AsSpan(at, Math.Min(size, text.Length - at));
                reader.TryRead(ref piece, out operation);
            }

            Assert.Equal(EveryKey, Write(operation!.Change!));
        }
    }

    [Fact]
    public void WhatIsWrittenOfAnOperationReadsBackTheSame()
    {
        var random = new Random(7);
        for (int i = 0; i < 500; i++)
        {
            string text = Write(RandomSet(random));

            Assert.Equal(text, Write(Read(text).Change!));
        }
    }

    [Fact]
    public void DisposingZeroesTheSecrets()
    {
        UapiOperation operation = Read(EveryKey);

        operation.Dispose();

        Assert.True(operation.Change!.PrivateKey!.IsZero);
        Assert.True(operation.Change.Peers[0].PresharedKey!.IsZero);
    }

    private static DeviceChange RandomSet(Random random) => new()
    {
        PrivateKey = random.Next(2) == 0 ? null : new PrivateKey(RandomKey(random)),
        ListenPort = random.Next(2) == 0 ? null : (ushort)random.Next(65536),
        FwMark = random.Next(2) == 0 ? null : (uint)random.NextInt64(1L << 32),
        ReplacePeers = random.Next(2) == 0,
        Peers = [.. Enumerable.Range(0, random.Next(6)).Select(_ => RandomPeer(random))],
    };

    private static PeerChange RandomPeer(Random random) => new()
    {
        PublicKey = new PublicKey(RandomKey(random)),
        Remove = random.Next(8) == 0,
        UpdateOnly = random.Next(4) == 0,
        PresharedKey = random.Next(2) == 0 ? null : new PresharedKey(RandomKey(random)),
        Endpoint = random.Next(2) == 0 ? null : new IpEndpoint(RandomAddress(random), (ushort)random.Next(65536)),
        PersistentKeepaliveSeconds = random.Next(2) == 0 ? null : (ushort)random.Next(65536),
        ReplaceAllowedIps = random.Next(2) == 0,
        AllowedIps = [.. Enumerable.Range(0, random.Next(9)).Select(_ => RandomAllowedIp(random))],
    };

    private static AllowedIpChange RandomAllowedIp(Random random)
    {
        IpAddress address = RandomAddress(random);
        return new AllowedIpChange(new IpPrefix(address, random.Next(address.Bits + 1)), random.Next(3) == 0);
    }

    private static IpAddress RandomAddress(Random random)
    {
        byte[] bytes = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(bytes);
        return IpAddress.FromBytes(bytes);
    }

    private static byte[] RandomKey(Random random)
    {
        byte[] key = new byte[32];
        random.NextBytes(key);
        return key;
    }
}
