using System.Globalization;
using System.Runtime.CompilerServices;
using Chasqui.Fuzz.Engine;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Netlink;

namespace Chasqui.Fuzz.Targets;

/// <summary>What rtnetlink sends.</summary>
internal sealed class NetlinkTarget : IFuzzTarget
{
    private readonly GuardedBytes _bytes = new(2048);

    public string Name => "netlink";

    public string Summary => "RtnetlinkMessages over any bytes: events, links and routes, and nothing read past the end";

    public int MaxLength => 2048;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. Link(Libc.RTM_NEWLINK), .. Link(Libc.RTM_DELLINK)],
        Route(),
        Link(Libc.RTM_NEWLINK)[16..],
        Route()[16..],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        [16, 0, 0, 0, 16, 0], [16, 0, 0, 0, 17, 0], [16, 0, 0, 0, 24, 0], [16, 0, 0, 0, 20, 0], [16, 0, 0, 0, 32, 0], [16, 0, 0, 0, 4, 0],
        [8, 0, 4, 0], [8, 0, 3, 0], [8, 0, 45, 0], [8, 0, 49, 0], [8, 0, 7, 0], [20, 0, 7, 0],
    ];

    public void Run(ReadOnlySpan<byte> input) => Check.Same(Read(input, 0xFF), Read(input, 0x00), "what is read with other bytes behind");

    private string Read(ReadOnlySpan<byte> input, byte colour)
    {
        Span<byte> bytes = _bytes.Begin(input, colour);
        List<NetworkEvent> events = [];
        RtnetlinkMessages.ReadEvents(bytes, events);
        Check.That(events.Count <= bytes.Length / Unsafe.SizeOf<Libc.nlmsghdr>());
        bool isLink = RtnetlinkMessages.TryReadLink(bytes, out LinkInfo link, out bool isMoved);
        bool isRoute = RtnetlinkMessages.TryReadRoute(bytes, out RouteAnswer route);
        Check.That(isLink || link == default);
        Check.That(isRoute || route == default);
        _bytes.CheckFences(input.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{isLink} {link} {isMoved} {isRoute} {route} {string.Join(' ', events)}");
    }

    private static byte[] Link(ushort type)
    {
        byte[] bytes = new byte[256];
        NetlinkRequest request = NetlinkRequest.Begin(bytes, type, 0, new Libc.ifinfomsg { ifi_index = 5, ifi_flags = 1 });
        request.Add(Libc.IFLA_MTU, 1420);
        request.Add(Libc.IFLA_IFNAME, "wg0\0"u8);
        request.Add(Libc.IFLA_NEW_NETNSID, 3);
        return request.End(1).ToArray();
    }

    private static byte[] Route()
    {
        byte[] bytes = new byte[256];
        NetlinkRequest request = NetlinkRequest.Begin(bytes, Libc.RTM_NEWROUTE, 0, new Libc.rtmsg { rtm_family = (byte)Libc.AF_INET });
        request.Add(Libc.RTA_OIF, 3);
        request.Add(Libc.RTA_PREFSRC, 0x0100000A);
        return request.End(1).ToArray();
    }
}
