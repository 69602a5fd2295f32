using System.Net;
using System.Net.Sockets;
using System.Text;
using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Metrics;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Metrics;

/// <summary>Metrics over real connections: what a scraper gets, and what somebody gets who is none.</summary>
public sealed class MetricsServerTests : IDisposable
{
    private const int TimeoutMilliseconds = 20_000;
    private const string Get = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

    private readonly RecordingLogger _logger = new();
    private readonly MetricsServer _server;
    private int _collected;

    public MetricsServerTests() => _server = new MetricsServer(
        new IPEndPoint(IPAddress.Loopback, 0), Collect, new MetricsLog(_logger, "wg0"));

    public void Dispose()
    {
        _server.Dispose();
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void AScrapeGetsHeadBodyAndEnd()
    {
        string answer = Ask(Get);

        Assert.StartsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n", answer, StringComparison.Ordinal);
        (string head, string body) = Split(answer);
        Assert.Contains($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n", head);
        Assert.Contains("chasqui_interface_mtu_bytes{interface=\"wg0\"} 1420\n", body);
    }

    [Fact]
    public void OpenMetricsIsGivenToWhoeverWantsIt()
    {
        string answer = Ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n");

        Assert.Contains("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n", answer);
        Assert.Equal(1420, new MetricsReader(Split(answer).Body).Value("chasqui_interface_mtu_bytes"));
    }

    [Fact]
    public void HeadHasNoBody() => Assert.EndsWith("\r\n\r\n", Ask("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);

    [Fact]
    public void ARequestMayComeLetterByLetter()
    {
        using Socket client = Connect();
        foreach (byte letter in Encoding.ASCII.GetBytes(Get))
        {
            client.Send([letter]);
        }

        Assert.StartsWith("HTTP/1.1 200", ReadAll(client), StringComparison.Ordinal);
    }

    /// <summary>More than a request may have, all sent before the answer is read: it must not be lost with a reset.</summary>
    [Fact]
    public void WhoSendsTooMuchIsToldSo()
    {
        using Socket client = Connect();
        client.Send(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nX: " + new string('x', 200_000)));

        Assert.StartsWith("HTTP/1.1 431 ", ReadAll(client), StringComparison.Ordinal);
    }

    [Fact]
    public void TheOldestGoesWhenThereAreTooMany()
    {
        List<Socket> silent = [.. Enumerable.Range(0, MetricsServer.MaxClients).Select(_ => Connect())];
        try
        {
            Assert.StartsWith("HTTP/1.1 200", Ask(Get), StringComparison.Ordinal);

            Assert.Equal(0, silent[0].Receive(new byte[1]));
            silent[^1].Send(Encoding.ASCII.GetBytes(Get));
            Assert.StartsWith("HTTP/1.1 200", ReadAll(silent[^1]), StringComparison.Ordinal);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Whoever asks without pause does not make the device count without pause.</summary>
    [Fact]
    public void ManyWhoAskAtOnceShareOneText()
    {
        for (int i = 0; i < 20; i++)
        {
            Ask(Get);
        }

        Assert.InRange(_collected, 1, 19);
    }

    [Fact]
    public void APortThatIsTakenIsNamed()
    {
        LinuxException exception = Assert.Throws<LinuxException>(
            () => new MetricsServer(new IPEndPoint(IPAddress.Loopback, _server.Port), Collect, new MetricsLog(_logger, "wg1")));

        Assert.Equal(Errno.EADDRINUSE, exception.Errno);
        Assert.Contains($"127.0.0.1:{_server.Port}", exception.Message);
    }

    [Fact]
    public void ARealDeviceCountsWhatItCarries()
    {
        using var tunnel = new TestTunnel();
        (int code, string output) = tunnel.Ping(TestTunnel.AddressB, 5);
        Assert.True(code == 0, output);

        using var server = new MetricsServer(new IPEndPoint(IPAddress.Loopback, 0), tunnel.A.Device, _logger);
        string answer = Ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n", server.Port);

        MetricsReader read = new(Split(answer).Body);
        Assert.Equal(1, read.Value("chasqui_peer_handshakes_total"));
        Assert.Equal(1, read.Value("chasqui_peer_session_active"));
        Assert.InRange(read.Value("chasqui_peer_sent_packets_total"), 6, 20);
        Assert.InRange(read.Value("chasqui_peer_received_packets_total"), 6, 20);
        Assert.InRange(read.Value("chasqui_udp_sent_datagrams_total"), 1, read.Value("chasqui_peer_sent_packets_total"));
        Assert.InRange(read.Value("chasqui_tun_read_frames_total"), 5, 100);
        Assert.InRange(read.Value("chasqui_udp_received_datagrams_total"), read.Value("chasqui_peer_received_packets_total"), 100);
        Assert.InRange(read.Value("chasqui_peer_handshake_rtt_seconds"), 0.000001m, 5m);
    }

    private InterfaceMetrics Collect()
    {
        _collected++;
        return new InterfaceMetrics { Name = "wg0", Status = new TunnelStatus { Mtu = 1420 } };
    }

    private static (string Head, string Body) Split(string answer)
    {
        int end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer[..(end + 2)], answer[(end + 4)..]);
    }

    private static string ReadAll(Socket client)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[4096];
        for (int length; (length = client.Receive(buffer)) > 0;)
        {
            all.Write(buffer, 0, length);
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    private static Socket Connect(int port)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = TimeoutMilliseconds };
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    private Socket Connect() => Connect(_server.Port);

    private string Ask(string request) => Ask(request, _server.Port);

    private static string Ask(string request, int port)
    {
        using Socket client = Connect(port);
        client.Send(Encoding.ASCII.GetBytes(request));
        return ReadAll(client);
    }
}
