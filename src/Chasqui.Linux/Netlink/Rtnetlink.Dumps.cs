using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <content>Lists of what there is.</content>
public sealed partial class Rtnetlink
{
    // Times that a list is asked for again because it changed while it was read.
    private const int DumpAttempts = 16;

    private delegate bool BodyReader<T>(ReadOnlySpan<byte> body, out T item);

    /// <summary>All addresses of one interface, IPv4 first, in the kernel's order.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<AddressInfo> GetAddresses(uint interfaceIndex) =>
        [.. GetAddresses().Where(address => address.InterfaceIndex == interfaceIndex)];

    /// <summary>All addresses of all interfaces, IPv4 first, in the kernel's order.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<AddressInfo> GetAddresses()
    {
        List<AddressInfo> addresses = [];
        DumpAddresses(false, addresses);
        DumpAddresses(true, addresses);
        return addresses;
    }

    /// <summary>All routes of one family, of all tables, in the kernel's order.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<RouteInfo> GetRoutes(bool isV6)
    {
        List<RouteInfo> routes = [];
        Libc.rtmsg message = new() { rtm_family = Family(isV6) };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_GETROUTE, Libc.NLM_F_DUMP, message);
        Dump<RouteInfo>(request, Libc.RTM_NEWROUTE, RtnetlinkMessages.TryReadRoute, routes);

        // A kernel without the family answers with another's.
        _ = routes.RemoveAll(route => route.IsV6 != isV6);
        return routes;
    }

    /// <summary>All rules of one family, in the order in which they are tried.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public IReadOnlyList<RuleInfo> GetRules(bool isV6)
    {
        List<RuleInfo> rules = [];
        Libc.fib_rule_hdr message = new() { family = Family(isV6) };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_GETRULE, Libc.NLM_F_DUMP, message);
        Dump<RuleInfo>(request, Libc.RTM_NEWRULE, RtnetlinkMessages.TryReadRule, rules);
        _ = rules.RemoveAll(rule => rule.IsV6 != isV6);
        return rules;
    }

    private void DumpAddresses(bool isV6, List<AddressInfo> addresses)
    {
        Libc.ifaddrmsg message = new() { ifa_family = Family(isV6) };
        NetlinkRequest request = NetlinkRequest.Begin(stackalloc byte[RequestBytes], Libc.RTM_GETADDR, Libc.NLM_F_DUMP, message);
        Dump<AddressInfo>(request, Libc.RTM_NEWADDR, RtnetlinkMessages.TryReadAddress, addresses);
    }

    private static byte Family(bool isV6) => (byte)(isV6 ? Libc.AF_INET6 : Libc.AF_INET);

    private void Dump<T>(NetlinkRequest request, ushort answerType, BodyReader<T> read, List<T> items)
    {
        int before = items.Count;
        for (int attempt = 0; attempt < DumpAttempts; attempt++)
        {
            items.RemoveRange(before, items.Count - before);
            Send(request);
            if (ReadDump(answerType, read, items))
                return;
        }

        throw new LinuxException("rtnetlink dump", Errno.EBUSY);
    }

    /// <returns><see langword="false"/> if what was listed changed meanwhile.</returns>
    private bool ReadDump<T>(ushort answerType, BodyReader<T> read, List<T> items)
    {
        bool isWhole = true;
        while (true)
        {
            if (Poller.WaitOne(_socket, PollEvents.Read, PatienceMilliseconds) == PollEvents.None)
                throw new LinuxException("rtnetlink dump", Errno.ETIMEDOUT);

            int received = NetlinkSocket.Receive(_socket, _buffer);
            if (received < 0 && received != -Errno.EAGAIN)
                throw new LinuxException("recvfrom", "netlink", -received);
            if (TakeDump(_buffer.AsSpan(0, Math.Max(received, 0)), answerType, read, items, ref isWhole))
                return isWhole;
        }
    }

    private bool TakeDump<T>(ReadOnlySpan<byte> datagram, ushort answerType, BodyReader<T> read, List<T> items, ref bool isWhole)
    {
        NetlinkReader reader = new(datagram);
        while (reader.Next(out Libc.nlmsghdr header, out ReadOnlySpan<byte> body))
        {
            if (header.nlmsg_seq != _sequence)
                continue;

            isWhole &= (header.nlmsg_flags & Libc.NLM_F_DUMP_INTR) == 0;
            if (header.nlmsg_type == answerType && read(body, out T item))
                items.Add(item);
            else if (header.nlmsg_type == Libc.NLMSG_DONE)
                return true;
            else if (header.nlmsg_type == Libc.NLMSG_ERROR && MemoryMarshal.TryRead(body, out int error))
                return IsAbsentFamily(-error) ? true : throw new LinuxException("rtnetlink dump", -error);
        }

        return false;
    }

    /// <summary>Whether the kernel has no such family: then there is nothing of it.</summary>
    private static bool IsAbsentFamily(int errno) => errno is Errno.EAFNOSUPPORT or Errno.EOPNOTSUPP;
}
