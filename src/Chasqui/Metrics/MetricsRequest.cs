using System.Text;

namespace Chasqui.Metrics;

/// <summary>What somebody who connected asks for: as much of HTTP/1.1 as a scrape needs.</summary>
/// <remarks>Source: RFC 9112 sections 2 to 6. No bodies, no pipelining, no connection that stays.</remarks>
/// <param name="Status">The status code to answer with.</param>
/// <param name="HasBody">Whether the answer's body is wanted, and not its head alone.</param>
/// <param name="Format">The text to answer with.</param>
internal readonly record struct MetricsRequest(int Status, bool HasBody, MetricsFormat Format)
{
    /// <summary>The longest head of a request, in bytes.</summary>
    internal const int MaxLength = 4096;

    internal const int Ok = 200;
    internal const int BadRequest = 400;
    internal const int NotFound = 404;
    internal const int MethodNotAllowed = 405;
    internal const int ContentTooLarge = 413;
    internal const int HeaderFieldsTooLarge = 431;
    internal const int VersionNotSupported = 505;

    private const string Path = "/metrics";

    /// <summary>Reads a request, once its head is complete.</summary>
    /// <param name="bytes">All that has come, up to <see cref="MaxLength"/> bytes; what follows the head is ignored.</param>
    /// <param name="request">The request.</param>
    /// <returns><see langword="false"/> if there is more to come.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out MetricsRequest request)
    {
        request = Refusal(HeaderFieldsTooLarge);
        int end = EndOfHead(bytes);
        if (end < 0)
        {
            return bytes.Length >= MaxLength;
        }

        // Latin-1: a byte for a character, so that nothing merges or disappears.
        string[] lines = Encoding.Latin1.GetString(bytes[..end]).Split('\n');
        request = Read(lines);
        return true;
    }

    private static MetricsRequest Refusal(int status) => new(status, true, MetricsFormat.Prometheus);

    /// <summary>Where the empty line is, whether its lines end as they must or, as some people type them, without the return.</summary>
    private static int EndOfHead(ReadOnlySpan<byte> bytes)
    {
        int strict = bytes.IndexOf("\n\r\n"u8), lax = bytes.IndexOf("\n\n"u8);
        return strict < 0 ? lax : lax < 0 ? strict : Math.Min(strict, lax);
    }

    private static MetricsRequest Read(string[] lines)
    {
        string[] words = lines[0].TrimEnd('\r').Split(' ');
        if (words is not [{ Length: > 0 } method, { Length: > 0 } target, ['H', 'T', 'T', 'P', '/', .. var version]])
        {
            return Refusal(BadRequest);
        }

        if (version is not ("1.1" or "1.0"))
        {
            return Refusal(VersionNotSupported);
        }

        int status = CheckFields(lines, isHostNeeded: version == "1.1", out bool isOpenMetrics);
        if (status != Ok)
        {
            return Refusal(status);
        }

        bool isHead = method == "HEAD";
        status = !isHead && method != "GET" ? MethodNotAllowed : target.Split('?')[0] == Path ? Ok : NotFound;
        return new MetricsRequest(status, !isHead, isOpenMetrics ? MetricsFormat.OpenMetrics : MetricsFormat.Prometheus);
    }

    private static int CheckFields(string[] lines, bool isHostNeeded, out bool isOpenMetrics)
    {
        isOpenMetrics = false;
        int hosts = 0;
        foreach (string line in lines.AsSpan(1))
        {
            string field = line.TrimEnd('\r');
            int colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || field.AsSpan(0, colon).ContainsAny(" \t\r\0"))
            {
                return BadRequest;
            }

            string value = field[(colon + 1)..].Trim(' ', '\t');
            switch (field[..colon].ToLowerInvariant())
            {
                case "host":
                    hosts++;
                    break;
                case "transfer-encoding":
                case "content-length" when value != "0":
                    return ContentTooLarge;
                case "accept":
                    isOpenMetrics |= value.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
                    break;
            }
        }

        return hosts > 1 || (isHostNeeded && hosts == 0) ? BadRequest : Ok;
    }
}
