using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Netlink;

namespace Chasqui.Linux.Tests.Netlink;

public sealed class RtnetlinkMessagesTests
{
    [Fact]
    public void ABridgeLosingAPortDeletesNoLink()
    {
        byte[] asLink = LinkMessage(Libc.RTM_DELLINK, family: 0);
        byte[] asBridge = LinkMessage(Libc.RTM_DELLINK, family: 7);
        List<NetworkEvent> events = [];

        RtnetlinkMessages.ReadEvents(asBridge, events);
        Assert.Empty(events);

        RtnetlinkMessages.ReadEvents(asLink, events);
        Assert.Equal([new NetworkEvent(NetworkEventKind.LinkDeleted, new LinkInfo(5, "wg0", 1, 1420))], events);
    }

    [Fact]
    public void EveryCutOfAMessageIsSurvivedAndOnlyTheWholeIsRead()
    {
        byte[] message = LinkMessage(Libc.RTM_NEWLINK, family: 0);
        List<NetworkEvent> events = [];
        for (int cut = 0; cut < message.Length; cut++)
            RtnetlinkMessages.ReadEvents(message.AsSpan(0, cut), events);

        Assert.Empty(events);
        RtnetlinkMessages.ReadEvents(message, events);
        _ = Assert.Single(events);
    }

    [Fact]
    public void AnyBytesAtAllAreSurvived()
    {
        const int Seed = 11;
        Random random = new(Seed);
        byte[] template = LinkMessage(Libc.RTM_NEWLINK, family: 0);
        List<NetworkEvent> events = [];
        for (int round = 0; round < 100_000; round++)
        {
            byte[] bytes = new byte[random.Next(120)];
            random.NextBytes(bytes);
            template.AsSpan(0, Math.Min(random.Next(template.Length), bytes.Length)).CopyTo(bytes);
            for (int i = 0; i < 3 && bytes.Length > 0; i++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(64);
            events.Clear();
            RtnetlinkMessages.ReadEvents(bytes, events);
            _ = RtnetlinkMessages.TryReadLink(bytes, out _, out _);
            _ = RtnetlinkMessages.TryReadRoute(bytes, out RouteAnswer _);
            Assert.True(events.Count <= bytes.Length / Unsafe.SizeOf<Libc.nlmsghdr>(), $"seed {Seed} round {round}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(0xFFFF)]
    public void AnAttributeLengthThatCannotBeEndsTheReading(ushort length)
    {
        byte[] attributes = new byte[8];
        MemoryMarshal.Write(attributes, new Libc.rtattr { rta_len = length, rta_type = 1 });
        AttributeReader reader = new(attributes);

        Assert.False(reader.Next(out _, out _));
    }

    private static byte[] LinkMessage(ushort type, byte family)
    {
        Libc.ifinfomsg info = new() { ifi_family = family, ifi_index = 5, ifi_flags = 1 };
        byte[] bytes = new byte[256];
        NetlinkRequest request = NetlinkRequest.Begin(bytes, type, 0, info);
        request.Add(Libc.IFLA_MTU, 1420);
        request.Add(Libc.IFLA_IFNAME, "wg0\0"u8);
        return request.End(1).ToArray();
    }
}
