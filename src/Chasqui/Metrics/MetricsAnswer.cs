using System.Buffers;
using System.Globalization;
using System.Text;

namespace Chasqui.Metrics;

/// <summary>Answers to requests for metrics.</summary>
internal static class MetricsAnswer
{
    /// <summary>The answer to a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="collect">Gives the text; asked only if it is wanted.</param>
    internal static byte[] Make(in MetricsRequest request, Func<MetricsFormat, byte[]> collect)
    {
        bool isFound = request.Status == MetricsRequest.Ok;
        byte[] body = isFound ? collect(request.Format) : Encoding.ASCII.GetBytes(Sentence(request.Status));
        var answer = new ArrayBufferWriter<byte>(body.Length + 256);
        string type = !isFound ? "text/plain; charset=utf-8"
            : request.Format == MetricsFormat.OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {request.Status} {Phrase(request.Status)}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{Extra(request.Status)}Cache-Control: no-store\r\nConnection: close\r\n\r\n");
        Encoding.ASCII.GetBytes(head, answer);
        if (request.HasBody)
        {
            answer.Write(body);
        }

        return answer.WrittenSpan.ToArray();
    }

    private static string Extra(int status) => status == MetricsRequest.MethodNotAllowed ? "Allow: GET, HEAD\r\n" : "";

    private static string Phrase(int status) => status switch
    {
        MetricsRequest.Ok => "OK",
        MetricsRequest.BadRequest => "Bad Request",
        MetricsRequest.NotFound => "Not Found",
        MetricsRequest.MethodNotAllowed => "Method Not Allowed",
        MetricsRequest.ContentTooLarge => "Content Too Large",
        MetricsRequest.HeaderFieldsTooLarge => "Request Header Fields Too Large",
        _ => "HTTP Version Not Supported",
    };

    private static string Sentence(int status) => status switch
    {
        MetricsRequest.NotFound => "There is nothing here. The metrics are at /metrics.\n",
        MetricsRequest.MethodNotAllowed => "Metrics are read: GET /metrics.\n",
        _ => $"{Phrase(status)}.\n",
    };
}
