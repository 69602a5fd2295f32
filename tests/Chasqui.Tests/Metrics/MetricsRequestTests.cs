using System.Text;
using Chasqui.Core.Config;
using Chasqui.Metrics;

namespace Chasqui.Tests.Metrics;

/// <summary>What is asked for over HTTP, and where.</summary>
public sealed class MetricsRequestTests
{
    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200)]
    [InlineData("GET /metrics?a=b HTTP/1.1\r\nhost:x\r\n\r\n", 200)]
    [InlineData("GET /metrics HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /metrics HTTP/1.0\n\n", 200)]
    [InlineData("HEAD /metrics HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 200)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 404)]
    [InlineData("GET /metrics/ HTTP/1.0\r\n\r\n", 404)]
    [InlineData("GET /../metrics HTTP/1.0\r\n\r\n", 404)]
    [InlineData("POST /metrics HTTP/1.0\r\n\r\n", 405)]
    [InlineData("POST /metrics HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", 413)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 413)]
    [InlineData("GET /metrics HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET /metrics HTTP/1.0\r\n continued\r\n\r\n", 400)]
    [InlineData("GET /metrics HTTP/1.0\r\nHost : x\r\n\r\n", 400)]
    [InlineData("GET /metrics HTTP/2.0\r\n\r\n", 505)]
    [InlineData("GET /metrics\r\n\r\n", 400)]
    [InlineData("GET  /metrics HTTP/1.0\r\n\r\n", 400)]
    [InlineData("\u0016\u0003\u0001\u0002\n\n", 400)]
    [InlineData("\r\n\r\n", 400)]
    public void ARequestHasOneStatus(string text, int status)
    {
        Assert.True(MetricsRequest.TryRead(Encoding.Latin1.GetBytes(text), out MetricsRequest request));

        Assert.Equal(status, request.Status);
    }

    [Fact]
    public void AnUnfinishedRequestWaitsUntilItIsTooLong()
    {
        byte[] endless = Encoding.ASCII.GetBytes("GET /metrics HTTP/1.0\r\nX: " + new string('x', MetricsRequest.MaxLength));

        Assert.False(MetricsRequest.TryRead(endless.AsSpan(0, MetricsRequest.MaxLength - 1), out _));
        Assert.True(MetricsRequest.TryRead(endless.AsSpan(0, MetricsRequest.MaxLength), out MetricsRequest request));
        Assert.Equal(431, request.Status);
    }

    [Theory]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", MetricsFormat.OpenMetrics)]
    [InlineData("text/html, */*", MetricsFormat.Prometheus)]
    public void TheFormatIsTheClientsToChoose(string accept, MetricsFormat format)
    {
        byte[] bytes = Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n");

        Assert.True(MetricsRequest.TryRead(bytes, out MetricsRequest request));

        Assert.Equal(format, request.Format);
    }

    [Theory]
    [InlineData("9586", "127.0.0.1:9586")]
    [InlineData("0.0.0.0:9586", "0.0.0.0:9586")]
    [InlineData("[::1]:1", "[::1]:1")]
    public void APortAloneIsOnTheLoopbackInterface(string text, string expected) => Assert.Equal(expected, MetricsAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("65536")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData(":9586")]
    [InlineData("localhost:9586")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:99999")]
    public void AnythingElseIsNamedWithTheRemedy(string text)
    {
        ConfigException exception = Assert.Throws<ConfigException>(() => MetricsAddress.Parse(text));

        Assert.Contains("give PORT", exception.Message);
    }
}
