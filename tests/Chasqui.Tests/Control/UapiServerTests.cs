using System.Net.Sockets;
using System.Text;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Linux;
using Chasqui.Linux.Processes;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Control;

/// <summary>The control socket over a real socket and a real device: what stock tools send, and what nobody should.</summary>
[Collection(nameof(WholeProcess))]
public sealed class UapiServerTests : IDisposable
{
    private const string PeerA = "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0";
    private const string PeerB = "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0";
    private const string PrivateKey = "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    private const int TimeoutMilliseconds = 20_000;

    private readonly Sandbox _home = new();
    private readonly TestDevice _device;
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"chasqui-{Environment.ProcessId}-{Guid.NewGuid():N}.sock");
    private readonly UnixListener _listener;
    private readonly UapiServer _server;

    public UapiServerTests()
    {
        _device = new TestDevice(_home);
        _listener = UnixListener.Bind(_path);
        _server = new UapiServer(_listener, _device.Device, _device.Log);
    }

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
        _device.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void AFreshDeviceHasNothingToSay() => Assert.Equal("errno=0\n\n", Ask("get=1\n\n"));

    [Fact]
    public void WhatWasSetIsGotInTheOrderOfWireGuardGo()
    {
        Assert.Equal("errno=0\n\n", Ask(
            $"set=1\nprivate_key={PrivateKey}\nlisten_port=12913\nfwmark=51\nreplace_peers=true\npublic_key={PeerA}\n"
            + "endpoint=[2001:db8::1]:3233\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\nallowed_ip=10.0.0.0/8\n\n"));

        Assert.Equal(
            $"private_key={PrivateKey}\nlisten_port=12913\nfwmark=51\npublic_key={PeerA}\npreshared_key={new string('0', 64)}\n"
            + "protocol_version=1\nendpoint=[2001:db8::1]:3233\nlast_handshake_time_sec=0\nlast_handshake_time_nsec=0\ntx_bytes=0\n"
            + "rx_bytes=0\npersistent_keepalive_interval=25\nallowed_ip=10.0.0.0/8\nerrno=0\n\n",
            Ask("get=1\n\n"));
    }

    [Fact]
    public void OneConnectionServesManyOperationsInAnyPieces()
    {
        using UnixStream client = Connect();
        foreach (byte letter in Encoding.ASCII.GetBytes($"set=1\npublic_key={PeerA}\n\n"))
        {
            client.Write([letter]);
        }

        Assert.Equal("errno=0\n\n", ReadAnswer(client));
        client.Write(Encoding.ASCII.GetBytes("get=1\n\nget=1\n\n"));
        string both = ReadAnswer(client);
        while (both.Split("errno=0\n\n").Length < 3)
        {
            both += ReadAnswer(client);
        }

        string[] answers = both.Split("errno=0\n\n");
        Assert.Equal(answers[0], answers[1]);
        Assert.Contains(PeerA, answers[0]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "errno=-71\n\n")]
    [InlineData("set=1\nno equals sign\n\n", "errno=-71\n\n")]
    [InlineData("set=1\nunknown=1\n\n", "errno=-22\n\n")]
    [InlineData("set=1\nlisten_port=65536\n\n", "errno=-22\n\n")]
    [InlineData("\0\u0001\u0002\n", "errno=-71\n\n")]
    public void NonsenseIsAnsweredWithItsNumberAndTheConnectionEnds(string text, string expected)
    {
        using UnixStream client = Connect();
        client.Write(Encoding.Latin1.GetBytes(text));

        Assert.Equal(expected, ReadAnswer(client));
        Assert.Equal(0, client.Read(new byte[1]));
        Assert.Contains(_device.Log.Lines, line => line.Contains("UAPI operation refused: line", StringComparison.Ordinal));
        Assert.Equal("errno=0\n\n", Ask("get=1\n\n"));
    }

    [Fact]
    public void ALineWithoutEndIsCutShort()
    {
        using UnixStream client = Connect();

        client.Write(Encoding.ASCII.GetBytes("set=1\n" + new string('x', 5000)));

        Assert.Equal("errno=-5\n\n", ReadAnswer(client));
    }

    [Fact]
    public void ARefusedPortLeavesEverythingAsItWas()
    {
        _device.Up();
        Assert.Equal("errno=0\n\n", Ask($"set=1\nfwmark=1\npublic_key={PeerA}\nallowed_ip=10.0.0.0/8\n\n"));
        string before = Ask("get=1\n\n");
        using Socket occupant = TestDevice.Occupy(_home, 0);
        int taken = ((System.Net.IPEndPoint)occupant.LocalEndPoint!).Port;

        Assert.Equal("errno=-98\n\n", Ask(
            $"set=1\nprivate_key={PrivateKey}\nlisten_port={taken}\nfwmark=2\nreplace_peers=true\npublic_key={PeerB}\nallowed_ip=10.0.0.0/8\n\n"));

        Assert.Equal(before, Ask("get=1\n\n"));
        Assert.Contains(_device.Log.Lines, line => line.Contains("EADDRINUSE", StringComparison.Ordinal));
    }

    [Fact]
    public void AnErrorInTheLastLineLeavesEverythingAsItWas()
    {
        Assert.Equal("errno=-22\n\n", Ask($"set=1\nprivate_key={PrivateKey}\nlisten_port=4444\npublic_key={PeerA}\nallowed_ip=10.0.0.0/33\n\n"));

        Assert.Equal("errno=0\n\n", Ask("get=1\n\n"));
    }

    [Fact]
    public void WhoSendsHalfAnOperationOrReadsNothingKeepsNobodyWaiting()
    {
        Fill(peers: 500);
        using UnixStream half = Connect(), deaf = Connect();
        half.Write(Encoding.ASCII.GetBytes("set=1\nlisten_port="));
        for (int i = 0; i < 100; i++)
        {
            deaf.Write(Encoding.ASCII.GetBytes("get=1\n\n")); // 15 MB of answers that nobody takes
        }

        Assert.EndsWith("errno=0\n\n", Ask("get=1\n\n"));
        Assert.Equal("errno=0\n\n", Ask("set=1\nfwmark=3\n\n"));
        half.Write(Encoding.ASCII.GetBytes("0\n\n"));
        Assert.Equal("errno=0\n\n", ReadAnswer(half));
    }

    [Fact]
    public void ManyClientsAtOnceAreAllAnswered()
    {
        Fill(peers: 50);
        int answered = 0;
        Thread[] clients = [.. Enumerable.Range(0, 32).Select(number => new Thread(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                string answer = Ask(number % 2 == 0 ? "get=1\n\n" : $"set=1\nfwmark={i}\npublic_key={PeerA}\nallowed_ip=10.1.{number}.{i}/32\n\n");
                if (answer.EndsWith("errno=0\n\n", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref answered);
                }
            }
        }))];

        Array.ForEach(clients, client => client.Start());
        Array.ForEach(clients, client => Assert.True(client.Join(TimeSpan.FromSeconds(60)), "A client hangs."));

        Assert.Equal(32 * 20, answered);
    }

    [Fact]
    public void WhenThereAreTooManyTheOldestMustGo()
    {
        List<UnixStream> clients = [];
        try
        {
            for (int i = 0; i <= UapiServer.MaxConnections; i++)
            {
                clients.Add(Connect());
            }

            Assert.Equal(0, clients[0].Read(new byte[1]));
            clients[1].Write(Encoding.ASCII.GetBytes("get=1\n\n"));
            Assert.Equal("errno=0\n\n", ReadAnswer(clients[1]));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public void DisposeEndsWhoIsIdleAndWhoDoesNotRead()
    {
        Fill(peers: 500);
        using UnixStream idle = Connect(), deaf = Connect();
        idle.Write(Encoding.ASCII.GetBytes("get=1\n"));
        for (int i = 0; i < 100; i++)
        {
            deaf.Write(Encoding.ASCII.GetBytes("get=1\n\n"));
        }

        Assert.EndsWith("errno=0\n\n", Ask("get=1\n\n")); // both have been accepted: clients are accepted in order
        _server.Dispose();
        _server.Dispose();

        Assert.Equal(0, idle.Read(new byte[1]));
        byte[] buffer = new byte[65536];
        while (deaf.Read(buffer) > 0)
        {
        }

        Assert.Throws<LinuxException>(() =>
        {
            using UnixStream late = Connect();
            late.ReadTimeout = 100;
            late.Write(Encoding.ASCII.GetBytes("get=1\n\n"));
            _ = ReadAnswer(late); // nobody accepts any more
        });
    }

    [Fact]
    public void AClientOfADeviceThatHasEndedIsLetGo()
    {
        using UnixStream client = Connect();
        client.Write(Encoding.ASCII.GetBytes("get=1\n\n"));
        Assert.Equal("errno=0\n\n", ReadAnswer(client));

        _device.Device.Dispose();
        client.Write(Encoding.ASCII.GetBytes("get=1\n\n"));

        Assert.Equal(0, client.Read(new byte[1]));
    }

    private void Fill(int peers)
    {
        var change = new DeviceChange
        {
            Peers = [.. Enumerable.Range(1, peers).Select(i =>
            {
                byte[] key = new byte[32];
                BitConverter.TryWriteBytes(key, i);
                return new PeerChange { PublicKey = new Core.Keys.PublicKey(key) };
            })],
        };
        _device.Device.Apply(change);
    }

    private UnixStream Connect()
    {
        UnixStream client = UnixStream.Connect(_path);
        client.ReadTimeout = client.WriteTimeout = TimeoutMilliseconds;
        return client;
    }

    private string Ask(string text)
    {
        using UnixStream client = Connect();
        client.Write(Encoding.ASCII.GetBytes(text));
        return ReadAnswer(client);
    }

    /// <summary>Reads up to an empty line.</summary>
    private static string ReadAnswer(UnixStream client)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[65536];
        while (text.Length < 2 || text[^1] != '\n' || text[^2] != '\n')
        {
            int length = client.Read(buffer);
            if (length == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return text.ToString();
    }
}
