using System.Buffers;
using System.Globalization;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config.Provision;

/// <summary>Reads what a person gives for a client's configuration, and refuses what could mean anything else in a file.</summary>
/// <remarks>Errors: <see cref="ConfigException"/> with the value and the remedy.</remarks>
public static class ClientValues
{
    private const int MinMtu = 576;
    private const int MaxHostLength = 253;

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Reads an endpoint: <c>HOST:PORT</c>, <c>[IPV6]:PORT</c>, or a host alone, IPv6 with or without brackets.</summary>
    /// <param name="text">The text.</param>
    /// <param name="port">The port of a host alone; 0 if it needs one.</param>
    /// <returns>The endpoint as it is written into a file.</returns>
    public static string ReadEndpoint(string text, ushort port)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IpAddress.TryParse(text, out IpAddress alone))
        {
            return Join(text, alone.IsV6 ? $"[{alone}]" : alone.ToString(), port);
        }

        int end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.LastIndexOf(':');
        bool hasPort = end > 0 && end < text.Length;
        string host = hasPort ? text[..end] : text;
        if (hasPort && !(text[end] == ':' && TryReadPort(text.AsSpan(end + 1), out port)))
        {
            throw new ConfigException($"{ConfText.Quote(text)} has no port from 1 to 65535 at its end; give HOST:PORT.");
        }

        return IsHost(host) ? Join(text, host, port) : throw new ConfigException(
            $"{ConfText.Quote(text)} is no endpoint; give a host name or an address, and a port: HOST:PORT, IPv6 as [ADDRESS]:PORT.");
    }

    /// <summary>Reads name servers and search domains, with commas between them.</summary>
    public static string ReadDns(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        string? wrong = Array.Find(words, static word => !IpAddress.TryParse(word, out _) && !IsName(word));
        return wrong is null ? string.Join(", ", words) : throw new ConfigException(
            $"{ConfText.Quote(wrong)} is neither the address of a name server nor a search domain; give them with commas between.");
    }

    /// <summary>Reads an MTU in bytes.</summary>
    public static int ReadMtu(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort mtu) && mtu >= MinMtu
            ? mtu
            : throw new ConfigException($"{ConfText.Quote(text)} is no MTU; give a number from 576 to 65535.");

    /// <summary>Reads an interval of keepalives in seconds; <c>off</c> is 0.</summary>
    public static ushort ReadKeepalive(string text)
    {
        if (text is "off")
        {
            return 0;
        }

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort seconds)
            ? seconds
            : throw new ConfigException($"{ConfText.Quote(text)} is no interval; give off, or seconds from 0 to 65535.");
    }

    /// <summary>Reads a UDP port.</summary>
    public static ushort ReadPort(string text) =>
        TryReadPort(text, out ushort port)
            ? port
            : throw new ConfigException($"{ConfText.Quote(text)} is no port; give a number from 1 to 65535.");

    /// <summary>Reads addresses with the lengths of their networks, commas between them.</summary>
    public static IReadOnlyList<QuickAddress> ReadAddresses(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Array.ConvertAll(text.Split(',', StringSplitOptions.TrimEntries), static word =>
            QuickAddress.TryParse(word, out QuickAddress address)
                ? address
                : throw new ConfigException($"{ConfText.Quote(word)} is no IPv4 or IPv6 address; give ADDRESS or ADDRESS/LENGTH."));
    }

    private static bool TryReadPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;

    private static bool IsHost(string host) => host.StartsWith('[')
        ? host.EndsWith(']') && IpAddress.TryParse(host.AsSpan(1, host.Length - 2), out IpAddress address) && address.IsV6
        : IsName(host);

    /// <summary>A host's name, or an IPv4 address: a label cannot start with '-', which programs would take for an option.</summary>
    private static bool IsName(string name) => name.Length is > 0 and <= MaxHostLength && !name.AsSpan().ContainsAnyExcept(HostCharacters)
        && Array.TrueForAll(name.TrimEnd('.').Split('.'), static label => label.Length is > 0 and <= 63 && label[0] != '-');

    private static string Join(string text, string host, ushort port) => port != 0
        ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}")
        : throw new ConfigException($"{ConfText.Quote(text)} has no port; give HOST:PORT.");
}
