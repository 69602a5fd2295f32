using System.Globalization;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>Reads the values that files and <c>wg set</c> have in common, and says of a wrong one what stock says.</summary>
/// <remarks>Source: wireguard-tools config.c; getaddrinfo(3), inet_pton(3) and strtoul(3) of the GNU C library.</remarks>
internal sealed class WgValueReader(ConfPlace place)
{
    private const string NoName = "Name or service not known";
    private const string NoService = "Servname not supported for ai_socktype";

    internal ushort Port(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            throw place.Error("the value is empty; give a port from 0 to 65535.", "Unable to parse empty port");
        }

        if (ConfEndpoint.TryParsePort(value, out ushort port))
        {
            WarnOfCutPort(value, port);
            return port;
        }

        if (value is not "*" && place.Options.Services?.Invoke(place.Decode(value)) is { } known)
        {
            return known;
        }

        throw place.Error(
            $"{place.Quote(value)} is neither a port from 0 to 65535 nor the name of a UDP service.",
            $"{(value is "*" ? NoName : NoService)}: `{value}'");
    }

    internal uint FwMark(ReadOnlySpan<char> value)
    {
        if (ConfKeys.Equal(value, "off"))
        {
            return 0;
        }

        int numberBase = value.Length > 2 && value[0] == '0' && value[1] == 'x' ? 16 : 10;
        if (!TryParseNumber(value, numberBase, uint.MaxValue, out ulong mark))
        {
            throw place.Error(
                $"{place.Quote(value)} is no mark; give off, or a number from 0 to 0xffffffff.",
                $"Fwmark is neither 0/off nor 0-0xffffffff: `{value}'");
        }

        return (uint)mark;
    }

    internal ushort Keepalive(ReadOnlySpan<char> value)
    {
        if (ConfKeys.Equal(value, "off"))
        {
            return 0;
        }

        if (!TryParseNumber(value, 10, ushort.MaxValue, out ulong seconds))
        {
            throw place.Error(
                $"{place.Quote(value)} is no interval; give off, or seconds from 0 to 65535.",
                $"Persistent keepalive interval is neither 0/off nor 1-65535: `{value}'");
        }

        return (ushort)seconds;
    }

    internal void SetPrivateKey(WgConf conf, ReadOnlySpan<char> value)
    {
        Span<byte> key = stackalloc byte[PrivateKey.Length];
        try
        {
            ReadKey(value, key);
            conf.PrivateKey?.Dispose();
            conf.PrivateKey = new PrivateKey(key);
        }
        finally
        {
            SecretMemory.Zero(key);
        }
    }

    internal void SetPresharedKey(WgConfPeer peer, ReadOnlySpan<char> value)
    {
        Span<byte> key = stackalloc byte[PresharedKey.Length];
        try
        {
            ReadKey(value, key);
            peer.PresharedKey?.Dispose();
            peer.PresharedKey = new PresharedKey(key);
        }
        finally
        {
            SecretMemory.Zero(key);
        }
    }

    internal void SetPublicKey(WgConfPeer peer, ReadOnlySpan<char> value)
    {
        Span<byte> key = stackalloc byte[PublicKey.Length];
        ReadKey(value, key);
        peer.PublicKey = new PublicKey(key);
        peer.HasPublicKey = true;
    }

    internal void SetEndpoint(WgConfPeer peer, ReadOnlySpan<char> value)
    {
        _ = EndpointRetries.Parse(place.Options.ResolutionRetries);
        ConfEndpoint endpoint = SplitEndpoint(value);
        peer.Endpoint = endpoint;
        peer.EndpointLine = place.Line;
        peer.ResolvedEndpoint = null;
        if (endpoint.TryGetAddress(place.Options.Services, out IpEndpoint address))
        {
            peer.ResolvedEndpoint = address;
            WarnOfCutPort(endpoint.Service, address.Port);
        }
        else if (place.Options.Endpoints is { } resolver)
        {
            EndpointResolution resolution = resolver(endpoint);
            peer.ResolvedEndpoint = resolution.Failure is null
                ? resolution.Endpoint
                : throw place.Error(
                    $"{place.Quote(value)} cannot be resolved ({resolution.Failure}); check the name, or give an address.",
                    $"{resolution.Failure}: `{value}'");
        }
    }

    internal void AddAllowedIps(WgConfPeer peer, ReadOnlySpan<char> value)
    {
        peer.ReplaceAllowedIps = true;
        while (!value.IsEmpty)
        {
            int comma = value.IndexOf(',');
            AddAllowedIp(peer, comma < 0 ? value : value[..comma]);
            if (comma < 0)
            {
                return;
            }

            value = value[(comma + 1)..];
            if (value.IsEmpty)
            {
                AddAllowedIp(peer, value); // a comma at the end has an empty entry after it, which is wrong
            }
        }
    }

    private void AddAllowedIp(WgConfPeer peer, ReadOnlySpan<char> entry)
    {
        bool isRemoved = entry.StartsWith('-');
        if (isRemoved || entry.StartsWith('+'))
        {
            peer.ReplaceAllowedIps = false;
            entry = entry[1..];
        }

        int slash = entry.IndexOf('/');
        ReadOnlySpan<char> host = slash < 0 ? entry : entry[..slash];
        if (!InetText.TryParse(host, out IpAddress address))
        {
            throw place.Error(
                $"{place.Quote(entry)} has no IPv4 or IPv6 address before its length; names are not allowed here.",
                $"Unable to parse IP address: `{host}'");
        }

        ulong length = (ulong)address.Bits;
        if (slash >= 0 && !TryParseNumber(entry[(slash + 1)..], 10, (ulong)address.Bits, out length))
        {
            throw place.Error(
                string.Create(CultureInfo.InvariantCulture, $"{place.Quote(entry)} needs a length from 0 to {address.Bits} after the '/'."),
                $"AllowedIP is not in the correct format: `{entry}'");
        }

        var prefix = new IpPrefix(address, (int)length);
        if (prefix.Address != address)
        {
            place.Warn(
                $"{place.Quote(entry)} has bits set after its length; {prefix} is what counts.",
                $"Warning: AllowedIP has nonzero host part: {entry}");
        }

        peer.Add(new AllowedIpChange(prefix, isRemoved));
    }

    private void ReadKey(ReadOnlySpan<char> value, Span<byte> key)
    {
        if (!KeyText.TryParseBase64(value, key))
        {
            string reason = KeyMistake.Of(value);
            throw place.Error(reason, $"Key is not the correct length or format: `{value}'");
        }
    }

    private ConfEndpoint SplitEndpoint(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            throw place.Error("the value is empty; give HOST:PORT.", "Unable to parse empty endpoint");
        }

        bool isBracketed = value[0] == '[';
        int end = isBracketed ? value.IndexOf(']') : value.LastIndexOf(':');
        if (isBracketed && end < 0)
        {
            throw place.Error(
                $"{place.Quote(value)} has no ']' after the address; give [ADDRESS]:PORT.",
                $"Unable to find matching brace of endpoint: `{value}'");
        }

        ReadOnlySpan<char> host = end < 0 ? default : value[(isBracketed ? 1 : 0)..end];
        ReadOnlySpan<char> rest = end < 0 ? default : value[(isBracketed ? end + 1 : end)..];
        if (rest.Length < 2 || rest[0] != ':')
        {
            throw place.Error($"{place.Quote(value)} has no port; give HOST:PORT.", $"Unable to find port of endpoint: `{value}'");
        }

        return new ConfEndpoint(place.Decode(value), place.Decode(host), place.Decode(rest[1..]));
    }

    private static bool TryParseNumber(ReadOnlySpan<char> value, int numberBase, ulong max, out ulong number)
    {
        number = 0;
        if (value.IsEmpty || !char.IsAsciiDigit(value[0]))
        {
            return false;
        }

        number = CNumber.ReadUnsigned(value, numberBase, out int consumed);
        return consumed == value.Length && number <= max;
    }

    /// <summary>The C library keeps the low 16 bits of a port and says nothing; we say it where stock's output is not asked for.</summary>
    private void WarnOfCutPort(ReadOnlySpan<char> value, ushort port)
    {
        if (CNumber.ReadUnsigned(value, 10, out _) > ushort.MaxValue)
        {
            string taken = port.ToString(CultureInfo.InvariantCulture);
            place.Warn($"{place.Quote(value)} is above 65535; as in stock tools {taken} is what counts.", null);
        }
    }
}
