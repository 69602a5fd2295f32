using System.Text;
using System.Text.Json;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Control;

/// <summary>Our own control socket over a real socket and a real device, and the client that programs use.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ControlServerTests : IDisposable
{
    private const int TimeoutMilliseconds = 20_000;
    private const string Hello = """{"verb":"hello"}""";

    private readonly Sandbox _home = new();
    private readonly TestDevice _device;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("chasqui");
    private readonly UnixListener _listener;
    private readonly ControlServer _server;

    public ControlServerTests()
    {
        _device = new TestDevice(_home);
        _listener = UnixListener.Bind(PathOf("wg0"));
        _server = new ControlServer(_listener, _device.Device, _device.Log);
    }

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
        _device.Dispose();
        _home.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void SaysWhatItSpeaks()
    {
        JsonElement hello = Ask(Hello)[0];

        Assert.Equal(("hello", 1, "wg0"), (Text(hello, "type"), hello.GetProperty("protocol").GetInt32(), Text(hello, "interface")));
        Assert.Equal(Environment.ProcessId, hello.GetProperty("processId").GetInt32());
        Assert.Equal(["hello", "status", "events", "set"], hello.GetProperty("verbs").EnumerateArray().Select(verb => verb.GetString()));
        Assert.Equal(Enum.GetValues<TunnelEventKind>().Length, hello.GetProperty("kinds").GetArrayLength());
        Assert.Equal(Enum.GetValues<DropReason>().Length, hello.GetProperty("reasons").GetArrayLength());
    }

    [Fact]
    public void TheClientReadsWhatTheDeviceIs()
    {
        _device.Up();
        _device.Device.Apply(Peers(3));

        Assert.True(Client().TryRead("wg0", out TunnelStatus? status));

        Assert.Equal((_device.Port, 1420, true), (status.ListenPort, status.Mtu, status.IsUp));
        Assert.Equal([KeyOf(1), KeyOf(2), KeyOf(3)], status.Peers.Select(peer => peer.PublicKey));
        Assert.All(status.Peers, peer => Assert.True(peer.HasPresharedKey));
    }

    [Fact]
    public void NoAnswerHoldsASecret()
    {
        byte[] secret = [.. Enumerable.Range(1, 32).Select(number => (byte)(number * 7))];
        using var privateKey = new PrivateKey(secret);
        using var presharedKey = new PresharedKey(secret);
        _device.Device.Apply(new DeviceChange { PrivateKey = privateKey, Peers = [new PeerChange { PublicKey = KeyOf(1), PresharedKey = presharedKey }] });

        string answers = AskText(Hello, 1) + AskText("""{"verb":"status"}""", 2) + AskText("""{"verb":"events"}""", 1);

        foreach (ReadOnlySpan<byte> key in (ReadOnlySpan<byte[]>)[privateKey.DangerousSpan.ToArray(), secret])
        {
            Assert.DoesNotContain(KeyText.ToBase64(key), answers);
            Assert.DoesNotContain(Convert.ToHexString(key), answers, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void OneConnectionServesManyRequestsInAnyPieces()
    {
        using UnixStream client = Connect();
        foreach (byte letter in Encoding.UTF8.GetBytes($"{Hello}\n{Hello}\n"))
        {
            client.Write([letter]);
        }

        Assert.All(ReadLines(client, 2), answer => Assert.Equal("hello", Text(answer, "type")));
    }

    [Fact]
    public void AChangeIsMadeWholeOrNotAtAll()
    {
        _device.Up();
        Client().Set("wg0", new DeviceChange { FwMark = 9, Peers = [new PeerChange { PublicKey = KeyOf(1), PersistentKeepaliveSeconds = 7 }] });
        using System.Net.Sockets.Socket occupant = TestDevice.Occupy(_home, 0);
        ushort taken = (ushort)((System.Net.IPEndPoint)occupant.LocalEndPoint!).Port;

        ControlException refused = Assert.Throws<ControlException>(
            () => Client().Set("wg0", new DeviceChange { FwMark = 10, ListenPort = taken, Peers = [new PeerChange { PublicKey = KeyOf(1), Remove = true }] }));
        JsonElement bad = Ask("""{"verb":"set","fwMark":11,"peers":[{"publicKey":"x"}]}""")[0];

        Assert.Equal(("refused", Errno.EADDRINUSE), (refused.Code, refused.Errno));
        Assert.Equal(("error", "badValue"), (Text(bad, "type"), Text(bad, "code")));
        TunnelStatus status = Client().Read("wg0");
        Assert.Equal((9u, 7), (status.FwMark, Assert.Single(status.Peers).PersistentKeepaliveSeconds));
    }

    [Fact]
    public void ARefusedRequestEndsNothingAndNonsenseEndsTheConnection()
    {
        using UnixStream client = Connect();
        client.Write(Encoding.UTF8.GetBytes($"{{\"verb\":\"dance\"}}\n{Hello}\nGET / HTTP/1.1\r\n\r\n"));

        JsonElement[] answers = ReadLines(client, 3);

        Assert.Equal(["unknownVerb", "", "notJson"], answers.Select(answer => answer.TryGetProperty("code", out JsonElement code) ? code.GetString() : ""));
        Assert.Equal(0, ReadToEnd(client));
    }

    [Fact]
    public void ALineWithoutEndIsRefused()
    {
        using UnixStream client = Connect();
        byte[] piece = new byte[1 << 20];
        piece.AsSpan().Fill((byte)' ');
        Assert.ThrowsAny<IOException>(() =>
        {
            for (int i = 0; i < 64; i++)
            {
                client.Write(piece);
            }
        });
    }

    [Fact]
    public void TheClientFollowsEventsThatWereAndThatCome()
    {
        _device.Device.Journal.Add(new TunnelEvent { Kind = TunnelEventKind.UnderLoadBegan, At = new Instant(1) });
        using EventFollower follower = Client().Follow("wg0", from: 0);

        List<FollowedEvent> past = ReadPast(follower);
        _device.Device.Journal.Add(new TunnelEvent { Kind = TunnelEventKind.UnderLoadEnded, At = new Instant(2), Peer = KeyOf(5) });
        Assert.True(follower.TryRead(TimeoutMilliseconds, out FollowedEvent coming));

        Assert.Contains(past, told => told.Event.Kind == TunnelEventKind.UnderLoadBegan);
        Assert.Equal((TunnelEventKind.UnderLoadEnded, KeyOf(5), past[^1].Number + 1), (coming.Event.Kind, coming.Event.Peer!.Value, coming.Number));
        Assert.False(follower.TryRead(0, out _));
        Assert.False(follower.IsOver);
    }

    [Fact]
    public void WhoFollowsFromNowIsNotToldThePast()
    {
        _device.Device.Journal.Add(new TunnelEvent { Kind = TunnelEventKind.UnderLoadBegan, At = new Instant(1) });
        using EventFollower follower = Client().Follow("wg0", from: null);

        Assert.Empty(ReadPast(follower));
    }

    [Fact]
    public void ANumberThatIsStillToComeIsAnotherDaemons()
    {
        _device.Device.Journal.Add(new TunnelEvent { Kind = TunnelEventKind.UnderLoadBegan, At = new Instant(1) });
        using EventFollower follower = Client().Follow("wg0", from: 1_000_000);

        Assert.NotEmpty(ReadPast(follower));
    }

    [Fact]
    public void WhoMissesEventsIsToldHowMany()
    {
        for (int i = 0; i < EventJournal.Capacity + 10; i++)
        {
            _device.Device.Journal.Add(new TunnelEvent { Kind = TunnelEventKind.SendFailed, At = new Instant(i * 1_000_000_000L), Number = i });
        }

        using EventFollower follower = Client().Follow("wg0", from: 0);

        List<FollowedEvent> past = ReadPast(follower);
        Assert.Equal(EventJournal.Capacity, past.Count);
        Assert.Equal(past[0].Number, past[0].Lost);
        Assert.All(past.Skip(1), told => Assert.Equal(0, told.Lost));
    }

    [Fact]
    public void WhoFollowsAndDoesNotReadHoldsNobodyUp()
    {
        using UnixStream deaf = Connect(), half = Connect();
        deaf.Write("{\"verb\":\"events\",\"follow\":true}\n"u8);
        half.Write("{\"verb\":\"sta"u8);
        for (int i = 0; i < 20_000; i++)
        {
            _device.Device.Journal.Add(new TunnelEvent { Kind = TunnelEventKind.PeerRoamed, At = new Instant(i * 1_000_000_000L), Peer = KeyOf(1) });
        }

        Assert.Equal("hello", Text(Ask(Hello)[0], "type"));
        half.Write("tus\"}\n"u8);
        Assert.Equal("status", Text(ReadLines(half, 1)[0], "type"));
    }

    [Fact]
    public void TheEndOfTheServerEndsWhoFollows()
    {
        using EventFollower follower = Client().Follow("wg0", from: null);
        _ = ReadPast(follower);

        _server.Dispose();

        Assert.False(follower.TryRead(TimeoutMilliseconds, out _));
        Assert.True(follower.IsOver);
    }

    [Fact]
    public void TheClientSaysWhyThereIsNoAnswer()
    {
        Assert.False(Client().TryRead("wg9", out TunnelStatus? none));
        Assert.Null(none);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Client().Read("wg9")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Client().Read("../wg0")).Errno);
    }

    /// <summary>Takes what was told already, up to the daemon's word that there is no more.</summary>
    private static List<FollowedEvent> ReadPast(EventFollower follower)
    {
        List<FollowedEvent> past = [];
        while (!follower.IsUpToDate)
        {
            if (follower.TryRead(TimeoutMilliseconds, out FollowedEvent told))
            {
                past.Add(told);
            }
            else
            {
                Assert.True(follower.IsUpToDate, "the past does not end");
            }
        }

        return past;
    }

    private static DeviceChange Peers(int count)
    {
        using var presharedKey = new PresharedKey(KeyOf(9).AsSpan());
        var copy = new PresharedKey(presharedKey.DangerousSpan);
        return new DeviceChange
        {
            Peers = [.. Enumerable.Range(1, count).Select(number => new PeerChange { PublicKey = KeyOf((byte)number), PresharedKey = copy })],
        };
    }

    private static PublicKey KeyOf(byte number) => TestDevice.SomeKey(number);

    private static string? Text(JsonElement answer, string name) => answer.GetProperty(name).GetString();

    private static int ReadToEnd(UnixStream client) => client.Read(new byte[1]);

    private StatusClient Client() => new(_directory.FullName);

    private string PathOf(string name) => Path.Combine(_directory.FullName, name + ".sock");

    private UnixStream Connect()
    {
        UnixStream client = UnixStream.Connect(PathOf("wg0"));
        client.ReadTimeout = client.WriteTimeout = TimeoutMilliseconds;
        return client;
    }

    private JsonElement[] Ask(string request, int lines = 1) => Parse(AskText(request, lines));

    private string AskText(string request, int lines)
    {
        using UnixStream client = Connect();
        client.Write(Encoding.UTF8.GetBytes(request + "\n"));
        return ReadText(client, lines);
    }

    private static JsonElement[] ReadLines(UnixStream client, int lines) => Parse(ReadText(client, lines));

    private static JsonElement[] Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Reads a number of lines.</summary>
    private static string ReadText(UnixStream client, int lines)
    {
        var text = new StringBuilder();
        byte[] letter = new byte[1];
        while (lines > 0 && client.Read(letter) > 0)
        {
            text.Append((char)letter[0]);
            lines -= letter[0] == '\n' ? 1 : 0;
        }

        return text.ToString();
    }
}
