using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Netlink;

/// <summary>Reads rtnetlink messages. Pure: bytes in, values out, nothing thrown for any bytes.</summary>
internal static partial class RtnetlinkMessages
{
    /// <summary>Appends the events of one datagram; a run of changes of one kind without a link is one event.</summary>
    internal static void ReadEvents(ReadOnlySpan<byte> datagram, List<NetworkEvent> events)
    {
        NetlinkReader reader = new(datagram);
        while (reader.Next(out Libc.nlmsghdr header, out ReadOnlySpan<byte> body))
        {
            switch (header.nlmsg_type)
            {
                case Libc.RTM_NEWLINK:
                case Libc.RTM_DELLINK:
                    if (TryReadLink(body, out LinkInfo link, out bool isMoved))
                        events.Add(new NetworkEvent(LinkKind(header.nlmsg_type, isMoved), link));
                    break;
                case Libc.RTM_NEWADDR:
                case Libc.RTM_DELADDR:
                    AddOnce(events, NetworkEventKind.AddressesChanged);
                    break;
                case Libc.RTM_NEWROUTE:
                case Libc.RTM_DELROUTE:
                case Libc.RTM_NEWRULE:
                case Libc.RTM_DELRULE:
                    AddOnce(events, NetworkEventKind.RoutesChanged);
                    break;
                case Libc.NLMSG_OVERRUN:
                    AddOnce(events, NetworkEventKind.Overrun);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Reads the body of a link message.</summary>
    /// <returns><see langword="false"/> for a body too short, and for another family's view: a bridge announces the loss of a port as
    /// the deletion of a link.</returns>
    internal static bool TryReadLink(ReadOnlySpan<byte> body, out LinkInfo link, out bool isMoved)
    {
        link = default;
        isMoved = false;
        if (!MemoryMarshal.TryRead(body, out Libc.ifinfomsg info) || info.ifi_family != 0)
            return false;

        string name = "";
        int mtu = 0;
        AttributeReader attributes = new(body[Unsafe.SizeOf<Libc.ifinfomsg>()..]);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.IFLA_IFNAME)
                name = Encoding.UTF8.GetString(value.TrimEnd((byte)0));
            else if (type == Libc.IFLA_MTU && MemoryMarshal.TryRead(value, out int bytes))
                mtu = bytes;
            else if (type is Libc.IFLA_NEW_NETNSID or Libc.IFLA_NEW_IFINDEX)
                isMoved = true;
        }

        link = new LinkInfo((uint)info.ifi_index, name, info.ifi_flags, mtu);
        return true;
    }

    /// <summary>Reads the body of a route message.</summary>
    internal static bool TryReadRoute(ReadOnlySpan<byte> body, out RouteAnswer route)
    {
        route = default;
        if (!MemoryMarshal.TryRead(body, out Libc.rtmsg message))
            return false;

        uint interfaceIndex = 0;
        int mtu = 0;
        UdpSource source = default;
        AttributeReader attributes = new(body[Unsafe.SizeOf<Libc.rtmsg>()..]);
        while (attributes.Next(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == Libc.RTA_OIF && MemoryMarshal.TryRead(value, out uint index))
                interfaceIndex = index;
            else if (type == Libc.RTA_METRICS)
                mtu = ReadMtu(value);
            else if (type == Libc.RTA_PREFSRC && message.rtm_family == Libc.AF_INET && MemoryMarshal.TryRead(value, out uint v4))
                source = UdpSource.V4(SockAddr.Network(v4), 0);
            else if (type == Libc.RTA_PREFSRC && message.rtm_family == Libc.AF_INET6 && MemoryMarshal.TryRead(value, out Libc.in6_addr v6))
                source = UdpSource.V6(SockAddr.Network(v6.s6_high), SockAddr.Network(v6.s6_low), 0);
        }

        route = new RouteAnswer(interfaceIndex, source, mtu);
        return true;
    }

    private static NetworkEventKind LinkKind(ushort type, bool isMoved)
    {
        if (type == Libc.RTM_NEWLINK)
            return NetworkEventKind.LinkChanged;
        return isMoved ? NetworkEventKind.LinkMoved : NetworkEventKind.LinkDeleted;
    }

    private static void AddOnce(List<NetworkEvent> events, NetworkEventKind kind)
    {
        if (events.Count == 0 || events[^1].Kind != kind)
            events.Add(new NetworkEvent(kind, default));
    }
}
