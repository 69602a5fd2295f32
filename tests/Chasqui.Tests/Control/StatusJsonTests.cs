using System.Text;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Tests.Control;

/// <summary>What a daemon writes of its state is what a client reads, and what clients may rely on does not change.</summary>
public sealed class StatusJsonTests
{
    private const long Now = 1_700_000_000_123_456_789;

    [Fact]
    public void AStatusComesBackWhole()
    {
        TunnelStatus written = SomeStatus();

        string text = Write(writer => writer.WriteStatus("wg0", written, nextEvent: 5));
        TunnelStatus read = new AnswerReader(new MemoryStream(Encoding.UTF8.GetBytes(text))).ReadStatus();

        Assert.Equal(text, Write(writer => writer.WriteStatus("wg0", read, nextEvent: 5)));
        Assert.Equal((written.At, Now, 1420, 51820), (read.At, read.UnixNanoseconds, read.Mtu, read.ListenPort));
        Assert.True(read.HearsNetworkErrors);
        Assert.Equal(3, read.Drops[DropReason.InvalidMac1]);
        Assert.Equal(written.Recent[0], read.Recent[0]);
        PeerStatus peer = Assert.Single(read.Peers);
        Assert.Equal(written.Peers[0].PublicKey, peer.PublicKey);
        Assert.Equal(new TimeSpan(123_456_789), peer.SinceReceived);
        Assert.Null(peer.SessionAge);
        Assert.Equal(ulong.MaxValue, peer.ReceivedBytes);
        Assert.Equal(Now - 1, peer.LastHandshakeUnixNanoseconds);
        Assert.Equal((8UL, TimeSpan.FromSeconds(3)), (peer.UnansweredPackets, peer.UnansweredFor));
        Assert.Equal(Now - 2_000_000_000, peer.LastTimestampUnixNanoseconds);
        Assert.Equal("[fe80::1%3]:9", peer.Endpoint.ToString());
    }

    [Fact]
    public void AnEmptyStatusComesBackWhole()
    {
        string text = Write(writer => writer.WriteStatus("wg0", new TunnelStatus(), 0));

        TunnelStatus read = new AnswerReader(new MemoryStream(Encoding.UTF8.GetBytes(text))).ReadStatus();

        Assert.Equal((null, false, 0), (read.PublicKey, read.IsUp, read.Peers.Count));
        Assert.Equal(text, Write(writer => writer.WriteStatus("wg0", read, 0)));
    }

    /// <summary>Everything that a program may rely on: a change here is one of the protocol, and of docs/control.md.</summary>
    [Fact]
    public void TheLinesAreThoseOfTheDocumentation()
    {
        string key = new PublicKey([1, .. new byte[31]]).ToString();
        string[] lines = Write(writer => writer.WriteStatus("wg0", SomeStatus(), 5)).Split('\n');

        Assert.Equal(
            Quoted(
                "{'type':'status','protocol':1,'interface':'wg0','time':'2023-11-14T22:13:20.123456789Z','bootSeconds':1000,"
                + $"'publicKey':'{key}','isUp':true,'mtu':1420,'listenPort':51820,'fwMark':0,'isUnderLoad':false,'isRecordingKeys':false,'hearsNetworkErrors':true,'drops':{{'invalidMac1':3}},'eventCounts':{{'peerRoamed':7}},"
                + $"'recent':[{{'time':'2023-11-14T22:13:19.123456789Z','bootSeconds':999,'kind':'dropped','reason':'sourceNotAllowed','peer':'{key}',"
                + $"'remote':'1.2.3.4:5','inner':'10.0.0.9','owner':'{key}','untold':2}}],'peerCount':1,'nextEvent':5}}"),
            lines[0]);
        Assert.Equal(
            Quoted(
                $"{{'type':'peer','publicKey':'{key}','hasPresharedKey':true,'endpoint':'[fe80::1%3]:9','endpointName':'vpn.example.com:51820',"
                + "'allowedIps':['10.0.0.0/8','::/0'],'persistentKeepaliveSeconds':25,'receivedBytes':18446744073709551615,'sentBytes':2,'receivedPackets':4,'sentPackets':5,'completedHandshakes':6,"
                + "'lastHandshake':'2023-11-14T22:13:20.123456788Z','lastTimestamp':'2023-11-14T22:13:18.123456789Z','sinceReceivedSeconds':12.3456789,'unansweredPackets':8,'unansweredForSeconds':3,'isHandshaking':true,'handshakeAttempts':2,"
                + "'unconfirmedResponses':1,'handshakeRoundTripSeconds':0.05,'stagedPackets':3,'sessionPackets':0,'sessionPacketsMissing':0,"
                + "'drops':{'noEndpoint':1}}"),
            lines[1]);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void AnEventOfEachKindComesBackWhole(TunnelEventKind kind, DropReason reason)
    {
        var written = new TunnelEvent
        {
            Kind = kind,
            Reason = reason,
            At = new Instant(long.MaxValue / 4),
            Remote = new IpEndpoint(IpAddress.V6(1, 2), 3),
            Number = long.MinValue,
            Untold = long.MaxValue,
            Before = new IpEndpoint(IpAddress.V4(1), 1),
            Peer = default(PublicKey),
        };

        string text = Write(writer => writer.WriteEvent(7, written, new Moment(new Instant(long.MaxValue / 4), Now)));
        string type = new AnswerReader(new MemoryStream(Encoding.UTF8.GetBytes(text))).ReadEvent(out FollowedEvent read);

        Assert.Equal(("event", 7L, Now), (type, read.Number, read.UnixNanoseconds));
        Assert.Equal(written, read.Event);
    }

    public static TheoryData<TunnelEventKind, DropReason> Events()
    {
        TheoryData<TunnelEventKind, DropReason> events = [];
        foreach (TunnelEventKind kind in Enum.GetValues<TunnelEventKind>().Where(kind => kind != TunnelEventKind.Dropped))
        {
            events.Add(kind, DropReason.None);
        }

        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            events.Add(TunnelEventKind.Dropped, reason);
        }

        return events;
    }

    [Fact]
    public void WhatANewerDaemonSaysIsPassedOver()
    {
        const string Text = """
            {"type":"status","new":[1],"drops":{"newReason":3,"noEndpoint":2},"recent":[{"kind":"newKind"},{"kind":"dropped","reason":"newReason"},{"kind":"interfaceUp","new":1}]}

            """;

        TunnelStatus read = new AnswerReader(new MemoryStream(Encoding.UTF8.GetBytes(Text))).ReadStatus();

        Assert.Equal([KeyValuePair.Create(DropReason.NoEndpoint, 2L)], read.Drops);
        Assert.Equal(TunnelEventKind.InterfaceUp, Assert.Single(read.Recent).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("[]\n")]
    [InlineData("""{"type":"done"}""" + "\n")]
    [InlineData("""{"type":"status","peerCount":1}""" + "\n")]
    [InlineData("""{"type":"status","peerCount":-1}""" + "\n")]
    [InlineData("""{"type":"status","peerCount":1}""" + "\n{\"type\":\"peer\"}\n")]
    [InlineData("""{"type":"status","mtu":"1420"}""" + "\n")]
    [InlineData("""{"type":"status","time":"yesterday"}""" + "\n")]
    [InlineData("""{"type":"status","bootSeconds":1e30}""" + "\n")]
    [InlineData("""{"type":"status","recent":[{"kind":"interfaceUp","peer":"x"}]}""" + "\n")]
    public void AnAnswerThatIsNoneIsRefused(string text)
    {
        var reader = new AnswerReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        ControlException refused = Assert.Throws<ControlException>(reader.ReadStatus);

        Assert.Equal("", refused.Code);
    }

    private static string Quoted(string text) => text.Replace('\'', '"');

    private static TunnelStatus SomeStatus()
    {
        var key = new PublicKey([1, .. new byte[31]]);
        var at = new Instant(1_000_000_000_000);
        return new TunnelStatus
        {
            At = at,
            UnixNanoseconds = Now,
            PublicKey = key,
            IsUp = true,
            Mtu = 1420,
            ListenPort = 51820,
            Drops = new Dictionary<DropReason, long> { [DropReason.InvalidMac1] = 3 },
            EventCounts = new Dictionary<TunnelEventKind, long> { [TunnelEventKind.PeerRoamed] = 7 },
            Recent =
            [
                TunnelEvent.Drop(DropReason.SourceNotAllowed, at + TimeSpan.FromSeconds(-1), new IpEndpoint(IpAddress.V4(0x01020304), 5)) with
                {
                    Peer = key,
                    Inner = IpAddress.V4(0x0a000009),
                    Owner = key,
                    Untold = 2,
                },
            ],
            HearsNetworkErrors = true,
            Peers = [SomePeer(key)],
        };
    }

    private static PeerStatus SomePeer(PublicKey key)
    {
        Assert.True(EndpointName.TryParse("vpn.example.com:51820", out EndpointName name));
        return new PeerStatus
        {
            PublicKey = key,
            HasPresharedKey = true,
            Endpoint = new IpEndpoint(IpAddress.V6(0xfe80ul << 48, 1), 9, 3),
            EndpointName = name,
            AllowedIps = [new IpPrefix(IpAddress.V4(0x0a000000), 8), new IpPrefix(IpAddress.V6(0, 0), 0)],
            PersistentKeepaliveSeconds = 25,
            ReceivedBytes = ulong.MaxValue,
            SentBytes = 2,
            ReceivedPackets = 4,
            SentPackets = 5,
            CompletedHandshakes = 6,
            LastHandshakeUnixNanoseconds = Now - 1,
            LastTimestampUnixNanoseconds = Now - 2_000_000_000,
            UnansweredPackets = 8,
            UnansweredFor = TimeSpan.FromSeconds(3),
            SinceReceived = new TimeSpan(123_456_789),
            IsHandshaking = true,
            HandshakeAttempts = 2,
            UnconfirmedResponses = 1,
            HandshakeRoundTrip = TimeSpan.FromMilliseconds(50),
            StagedPackets = 3,
            Drops = new Dictionary<DropReason, long> { [DropReason.NoEndpoint] = 1 },
        };
    }

    private static string Write(Action<AnswerWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new AnswerWriter(stream);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
