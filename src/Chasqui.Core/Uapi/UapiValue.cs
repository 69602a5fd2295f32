using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Uapi;

/// <summary>Values as bytes of the protocol. Source: wireguard-go device/uapi.go and Go's net/netip.</summary>
internal static class UapiValue
{
    /// <summary>The longest text of a prefix or endpoint: IPv6 with a dotted end, a scope, brackets and port, with room to spare.</summary>
    private const int MaxAddressText = 96;

    /// <summary>IFNAMSIZ without its zero.</summary>
    private const int MaxInterfaceName = 15;

    /// <summary>Reads decimal digits and nothing else; zeros in front do not count.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<byte> text, ulong max, out ulong number)
    {
        number = 0;
        foreach (byte c in text)
        {
            uint digit = (uint)c - '0';
            if (digit > 9 || number > (max - digit) / 10)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return !text.IsEmpty;
    }

    /// <summary>Reads <c>host:port</c>; nothing at all is the name of nothing.</summary>
    internal static bool TryParseEndpointName(ReadOnlySpan<byte> text, out EndpointName name)
    {
        name = default;
        Span<char> characters = stackalloc char[EndpointName.MaxLength];
        return text.IsEmpty
            || (text.Length <= EndpointName.MaxLength
                && Ascii.ToUtf16(text, characters, out int length) == OperationStatus.Done
                && EndpointName.TryParse(characters[..length], out name));
    }

    internal static bool IsTrue(ReadOnlySpan<byte> text) => text.SequenceEqual("true"u8);

    internal static bool TryParsePublicKey(ReadOnlySpan<byte> text, out PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        if (!KeyText.TryParseHex(text, bytes))
        {
            key = default;
            return false;
        }

        key = new PublicKey(bytes);
        return true;
    }

    internal static bool TryParsePrivateKey(ReadOnlySpan<byte> text, [NotNullWhen(true)] out PrivateKey? key)
    {
        Span<byte> bytes = stackalloc byte[PrivateKey.Length];
        key = KeyText.TryParseHex(text, bytes) ? new PrivateKey(bytes) : null;
        SecretMemory.Zero(bytes);
        return key is not null;
    }

    internal static bool TryParsePresharedKey(ReadOnlySpan<byte> text, [NotNullWhen(true)] out PresharedKey? key)
    {
        Span<byte> bytes = stackalloc byte[PresharedKey.Length];
        key = KeyText.TryParseHex(text, bytes) ? new PresharedKey(bytes) : null;
        SecretMemory.Zero(bytes);
        return key is not null;
    }

    /// <summary>Reads <c>address/length</c> or <c>-address/length</c>. The length must be there and must not begin with a zero.</summary>
    internal static bool TryParseAllowedIp(ReadOnlySpan<byte> text, out AllowedIpChange change)
    {
        bool isRemoved = !text.IsEmpty && text[0] == '-';
        change = default;
        if (!TryParsePrefix(isRemoved ? text[1..] : text, isLengthStrict: true, out IpPrefix prefix))
        {
            return false;
        }

        change = new AllowedIpChange(prefix, isRemoved);
        return true;
    }

    internal static bool TryParsePrefix(ReadOnlySpan<byte> text, bool isLengthStrict, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf((byte)'/');
        if (slash < 0 || !TryParseAddress(text[..slash], out IpAddress address))
        {
            return false;
        }

        ReadOnlySpan<byte> length = text[(slash + 1)..];
        if (!TryParseNumber(length, (ulong)address.Bits, out ulong bits) || (isLengthStrict && length.Length > 1 && length[0] == '0'))
        {
            return false;
        }

        prefix = new IpPrefix(address, (int)bits);
        return true;
    }

    /// <summary>Reads <c>1.2.3.4:port</c>, <c>[v6]:port</c> or <c>[v6%scope]:port</c>.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="interfaceIndex">Knows the index of an interface by its name; null if names are not understood.</param>
    /// <param name="endpoint">The endpoint.</param>
    internal static bool TryParseEndpoint(ReadOnlySpan<byte> text, Func<string, uint?>? interfaceIndex, out IpEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.LastIndexOf((byte)':');
        if (colon < 0 || !TryParseNumber(text[(colon + 1)..], ushort.MaxValue, out ulong port))
        {
            return false;
        }

        ReadOnlySpan<byte> host = text[..colon];
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        host = isBracketed ? host[1..^1] : host;
        int percent = isBracketed ? host.IndexOf((byte)'%') : -1;
        uint scope = 0;
        if (percent >= 0 && !TryParseScope(host[(percent + 1)..], interfaceIndex, out scope))
        {
            return false;
        }

        if (!TryParseAddress(percent < 0 ? host : host[..percent], out IpAddress address) || address.IsV6 != isBracketed)
        {
            return false;
        }

        endpoint = new IpEndpoint(address, (ushort)port, scope);
        return true;
    }

    private static bool TryParseScope(ReadOnlySpan<byte> text, Func<string, uint?>? interfaceIndex, out uint scope)
    {
        bool isNumber = TryParseNumber(text, uint.MaxValue, out ulong number);
        scope = isNumber ? (uint)number : 0;
        if (isNumber || text.IsEmpty || text.Length > MaxInterfaceName || interfaceIndex is null)
        {
            return isNumber;
        }

        uint? index = interfaceIndex(Encoding.UTF8.GetString(text));
        scope = index ?? 0;
        return index is not null;
    }

    private static bool TryParseAddress(ReadOnlySpan<byte> text, out IpAddress address)
    {
        address = default;
        if (text.Length > MaxAddressText)
        {
            return false;
        }

        Span<char> chars = stackalloc char[MaxAddressText];
        for (int i = 0; i < text.Length; i++)
        {
            chars[i] = (char)text[i];
        }

        return IpAddress.TryParse(chars[..text.Length], out address);
    }
}
