using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Names;

/// <summary>Names of hosts and services as the C library resolves them, so that every tool of the machine agrees.</summary>
/// <remarks>Threads: any; a lookup blocks for as long as the resolver takes. Source: getaddrinfo(3).</remarks>
public static unsafe class AddressLookup
{
    /// <summary>Looks up where datagrams to a host and service go.</summary>
    /// <param name="host">A name or a numeric address, which may have a scope.</param>
    /// <param name="service">A port number or the name of a UDP service.</param>
    public static LookupResult Resolve(string host, string service)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(service);
        return Resolve(host, service, flags: 0);
    }

    /// <summary>Looks up the UDP port of a service; the addresses of the answer are the wildcards with that port.</summary>
    /// <param name="service">A port number or the name of a UDP service.</param>
    public static LookupResult ResolveService(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Resolve(null, service, Libc.AI_PASSIVE);
    }

    private static LookupResult Resolve(string? host, string service, int flags)
    {
        Libc.addrinfo hints = new() { ai_flags = flags, ai_socktype = Libc.SOCK_DGRAM, ai_protocol = Libc.IPPROTO_UDP };
        Libc.addrinfo* list = null;
        int code = Libc.getaddrinfo(host, service, &hints, &list);
        if (code != 0)
            return new LookupResult([], code, Marshal.GetLastPInvokeError());

        List<UdpAddress> addresses = [];
        for (Libc.addrinfo* item = list; item != null; item = item->ai_next)
        {
            UdpAddress address = SockAddr.Read(new ReadOnlySpan<byte>(item->ai_addr, (int)item->ai_addrlen));
            if (!address.IsNone)
                addresses.Add(address);
        }

        Libc.freeaddrinfo(list);
        return new LookupResult(addresses, 0, 0);
    }
}
