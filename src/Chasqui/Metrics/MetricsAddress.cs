using System.Globalization;
using System.Net;
using Chasqui.Core.Config;

namespace Chasqui.Metrics;

/// <summary>Where metrics are served, as a person writes it.</summary>
public static class MetricsAddress
{
    /// <summary>Reads <c>PORT</c>, which is on the loopback interface, <c>ADDRESS:PORT</c> or <c>[V6]:PORT</c>.</summary>
    /// <exception cref="ConfigException">It is none of these.</exception>
    public static IPEndPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return new IPEndPoint(IPAddress.Loopback, port);
        }

        // The framework takes an address without a port too, and IPv6 without brackets.
        bool hasPort = text.LastIndexOf(':') > text.LastIndexOf(']') && (text.StartsWith('[') || text.IndexOf(':', StringComparison.Ordinal) == text.LastIndexOf(':'));
        return hasPort && IPEndPoint.TryParse(text, out IPEndPoint? endpoint)
            ? endpoint
            : throw new ConfigException(
                $"{ConfigException.Quote(text)} is no place to listen; give PORT (on 127.0.0.1), ADDRESS:PORT or [IPV6]:PORT, such as 9586 or 192.0.2.1:9586.");
    }
}
