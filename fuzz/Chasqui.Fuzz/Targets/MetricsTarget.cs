using System.Text;
using Chasqui.Fuzz.Engine;
using Chasqui.Metrics;

namespace Chasqui.Fuzz.Targets;

/// <summary>Whatever is sent to the metrics server.</summary>
internal sealed class MetricsTarget : IFuzzTarget
{
    public string Name => "metrics";

    public string Summary => "MetricsRequest over any bytes: a head that is complete stays what it is whatever follows; none is waited for for ever";

    public int MaxLength => MetricsRequest.MaxLength;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9586\r\nAccept: application/openmetrics-text; version=1.0.0\r\n\r\n"u8],
        [.. "HEAD /metrics?x HTTP/1.0\n\n"u8],
        [.. "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"u8],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "\r\n", "\n", "\r\n\r\n", "\n\n", " ", ":", "GET ", "HEAD ", "/metrics", " HTTP/1.1", " HTTP/1.0", "Host:", "Accept:", "?",
            "Content-Length:", "Transfer-Encoding:", "application/openmetrics-text",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] full = new byte[MetricsRequest.MaxLength];
        input.CopyTo(full);
        Check.That(MetricsRequest.TryRead(full, out _), "a request that is as long as it may be gets an answer");
        bool isRead = MetricsRequest.TryRead(input, out MetricsRequest request);
        if (!isRead)
        {
            return;
        }

        byte[] answer = MetricsAnswer.Make(request, static _ => [.. "text"u8]);
        string text = Encoding.Latin1.GetString(answer);
        Check.That(text.StartsWith($"HTTP/1.1 {request.Status} ", StringComparison.Ordinal));
        Check.That((request.Status == MetricsRequest.Ok && request.HasBody) == text.EndsWith("\r\n\r\ntext", StringComparison.Ordinal));
        if (input.Length < MetricsRequest.MaxLength)
        {
            Check.That(MetricsRequest.TryRead(full, out MetricsRequest longer) && longer == request, "what follows a head changes nothing");
        }
    }
}
