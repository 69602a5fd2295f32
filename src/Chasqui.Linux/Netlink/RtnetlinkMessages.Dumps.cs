using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <content>Bodies of the messages of a dump.</content>
internal static partial class RtnetlinkMessages
{
    /// <summary>Reads the body of an address message.</summary>
    internal static bool TryReadAddress(ReadOnlySpan<byte> body, out AddressInfo address)
    {
        address = default;
        if (!MemoryMarshal.TryRead(body, out Libc.ifaddrmsg message))
            return false;

        // IFA_ADDRESS is the other end's on a point-to-point link; IFA_LOCAL, where there is one, is always ours.
        IPAddress? ours = null, local = null;
        AttributeReader attributes = new(body[Unsafe.SizeOf<Libc.ifaddrmsg>()..]);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.IFA_ADDRESS)
                ours = ReadAddress(message.ifa_family, value);
            else if (type == Libc.IFA_LOCAL)
                local = ReadAddress(message.ifa_family, value);
        }

        if ((local ?? ours) is not { } found || !IsPrefixLength(message.ifa_family, message.ifa_prefixlen))
            return false;
        address = new AddressInfo(message.ifa_index, found, message.ifa_prefixlen, message.ifa_scope);
        return true;
    }

    /// <summary>Reads the body of a route message, all of it that a <see cref="RouteInfo"/> holds.</summary>
    internal static bool TryReadRoute(ReadOnlySpan<byte> body, out RouteInfo route)
    {
        route = default;
        if (!MemoryMarshal.TryRead(body, out Libc.rtmsg message)
            || !IsInternet(message.rtm_family) || !IsPrefixLength(message.rtm_family, message.rtm_dst_len))
            return false;

        route = new RouteInfo
        {
            Destination = message.rtm_family == Libc.AF_INET ? IPAddress.Any : IPAddress.IPv6Any,
            PrefixLength = message.rtm_dst_len,
            Table = message.rtm_table,
            Scope = message.rtm_scope,
            Type = message.rtm_type,
            Protocol = message.rtm_protocol,
        };
        AttributeReader attributes = new(body[Unsafe.SizeOf<Libc.rtmsg>()..]);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
            route = With(route, type, value, message.rtm_family);
        return true;
    }

    /// <summary>Reads the body of a rule message.</summary>
    internal static bool TryReadRule(ReadOnlySpan<byte> body, out RuleInfo rule)
    {
        rule = default;
        if (!MemoryMarshal.TryRead(body, out Libc.fib_rule_hdr message) || !IsInternet(message.family))
            return false;

        rule = new RuleInfo
        {
            IsV6 = message.family == Libc.AF_INET6,
            Table = message.table,
            IsInverted = (message.flags & Libc.FIB_RULE_INVERT) != 0,
            IsLookup = message.action == Libc.FR_ACT_TO_TBL,
            IsFromAll = message.src_len == 0,
        };
        AttributeReader attributes = new(body[Unsafe.SizeOf<Libc.fib_rule_hdr>()..]);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
        {
            if (MemoryMarshal.TryRead(value, out uint number))
                rule = With(rule, type, number);
        }

        return true;
    }

    private static RouteInfo With(RouteInfo route, int type, ReadOnlySpan<byte> value, byte family)
    {
        bool isNumber = MemoryMarshal.TryRead(value, out uint number);
        return type switch
        {
            Libc.RTA_DST => route with { Destination = ReadAddress(family, value) ?? route.Destination },
            Libc.RTA_GATEWAY => route with { Gateway = ReadAddress(family, value) },
            Libc.RTA_OIF when isNumber => route with { InterfaceIndex = number },
            Libc.RTA_TABLE when isNumber => route with { Table = number },
            Libc.RTA_PRIORITY when isNumber => route with { Metric = number },
            Libc.RTA_METRICS => route with { Mtu = ReadMtu(value) },
            _ => route,
        };
    }

    private static RuleInfo With(RuleInfo rule, int type, uint number) => type switch
    {
        Libc.FRA_PRIORITY => rule with { Priority = number },
        Libc.FRA_FWMARK => rule with { Mark = number },
        Libc.FRA_TABLE => rule with { Table = number },
        Libc.FRA_SUPPRESS_PREFIXLEN => rule with { SuppressPrefixLength = (int)number < 0 ? null : (int)number },
        _ => rule,
    };

    /// <summary>The MTU among a route's metrics; 0 if it has none, or one past any packet.</summary>
    private static int ReadMtu(ReadOnlySpan<byte> metrics)
    {
        AttributeReader attributes = new(metrics);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.RTAX_MTU && MemoryMarshal.TryRead(value, out int mtu))
                return Math.Max(mtu, 0);
        }

        return 0;
    }

    private static bool IsInternet(byte family) => family is (byte)Libc.AF_INET or (byte)Libc.AF_INET6;

    /// <summary>Whether an address has as many bits: what makes a prefix of them takes no more.</summary>
    private static bool IsPrefixLength(byte family, byte length) => length <= (family == Libc.AF_INET ? 32 : 128);

    /// <summary>An address, if its length is that of its family.</summary>
    private static IPAddress? ReadAddress(byte family, ReadOnlySpan<byte> value) => (family, value.Length) switch
    {
        ((byte)Libc.AF_INET, 4) or ((byte)Libc.AF_INET6, 16) => new IPAddress(value),
        _ => null,
    };
}
