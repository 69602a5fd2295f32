using System.Buffers;
using System.Globalization;

namespace Chasqui.Core.Config;

/// <summary>An endpoint's host by name, which a device resolves by itself, and its UDP port.</summary>
/// <remarks>
/// INVARIANT: <see cref="Host"/> consists of letters, digits and <c>.-_</c>, or, if it is an IPv6 address, of what such an address and its
/// scope may hold: it can be written into a configuration, a log and a query as it is. The default value names nothing; as a change it
/// makes a device forget the name.
/// </remarks>
public readonly record struct EndpointName
{
    /// <summary>The longest text in characters, port and brackets included.</summary>
    public const int MaxLength = 255;

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    private static readonly SearchValues<char> AddressCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:%");

    private EndpointName(string host, ushort port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>The name, or an address without brackets; null for none.</summary>
    public string? Host { get; }

    /// <summary>The UDP port, from 1.</summary>
    public ushort Port { get; }

    /// <summary>Whether this names nothing.</summary>
    public bool IsNone => Host is null;

    /// <summary>Reads <c>host:port</c> or <c>[v6]:port</c>, the port in decimal.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EndpointName name)
    {
        name = default;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        ReadOnlySpan<char> host = text[..colon];
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        return host.Contains(':') == isBracketed && TryMake(isBracketed ? host[1..^1] : host, port, out name);
    }

    /// <summary>Makes a name of a host, which is not bracketed, and a port.</summary>
    /// <returns><see langword="false"/> if the host cannot be one, the port is 0, or both are longer than <see cref="MaxLength"/>.</returns>
    public static bool TryMake(ReadOnlySpan<char> host, ushort port, out EndpointName name)
    {
        name = default;
        bool isAddress = host.Contains(':');
        if (host.IsEmpty || host[0] == '-' || port == 0 || host.ContainsAnyExcept(isAddress ? AddressCharacters : HostCharacters))
        {
            return false;
        }

        EndpointName made = new(host.ToString(), port);
        bool fits = made.ToString().Length <= MaxLength;
        name = fits ? made : default;
        return fits;
    }

    /// <summary><c>host:port</c> or <c>[v6]:port</c>; empty for none.</summary>
    public override string ToString() => Host is null ? ""
        : Host.Contains(':') ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
