using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>What lies inside: source addresses, lengths, padding and the ECN field.</summary>
public sealed class InnerPacketScenarioTests
{
    /// <summary>Also of a packet that has waited for a session while the MTU went down.</summary>
    [Fact]
    public void NoDatagramIsLongerThanIsSaid()
    {
        using var tunnel = new Tunnel(new SeededEntropy(1));
        int longest = 0;
        for (int mtu = 0; mtu <= ushort.MaxValue; mtu++)
        {
            tunnel.Mtu = mtu;
            for (int length = ushort.MaxValue - 15; length <= ushort.MaxValue; length++)
            {
                longest = Math.Max(longest, tunnel.PaddedLength(length));
            }
        }

        Assert.Equal(Tunnel.MaxDatagramLength, longest + Tunnel.DataOverhead);
    }

    [Fact]
    public void APeerMayNotUseAnAddressOfAnotherPeersNestedSubnet() => SimulatedNetwork.Run(1, network =>
    {
        SimulatedHost hub = network.AddHost(), wide = network.AddHost(), narrow = network.AddHost();
        wide.Connect(hub);
        narrow.Connect(hub);
        hub.Connect(wide);
        hub.Connect(narrow);
        hub.Apply(
            new PeerChange { PublicKey = wide.PublicKey, AllowedIps = [Allow("10.7.0.0/16")] },
            new PeerChange { PublicKey = narrow.PublicKey, AllowedIps = [Allow("10.7.1.0/24")] });

        SendFrom(network, wide, hub, 0x0A070101); // 10.7.1.1 is the other peer's
        network.Advance(0.1);
        Assert.Equal(DropReason.SourceNotAllowed, hub.LastVerdict.Reason);
        SendFrom(network, wide, hub, 0x0A070201); // 10.7.2.1 is its own
        SendFrom(network, narrow, hub, 0x0A070101);
        SendFrom(network, wide, hub, 0x0B000001); // nobody's
        network.Advance(0.1);

        Assert.Equal([2UL, 3UL], hub.Delivered.Select(p => InnerPacket.NumberOf(p)!.Value).Order());
        Assert.Equal(2, hub.Tunnel.Drops[DropReason.SourceNotAllowed]);
    });

    [Fact]
    public void ATakenAwayAddressCountsForPacketsThatAreOnTheirWay() => SimulatedNetwork.RunPair(2, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        a.SendTo(b);
        b.Apply(new PeerChange { PublicKey = a.PublicKey, AllowedIps = [new(new IpPrefix(a.Inner, 32), true)] });
        network.Advance(0.1);

        Assert.Single(b.Delivered);
        Assert.Equal(1, b.Tunnel.Drops[DropReason.SourceNotAllowed]);
        Assert.Equal(DropReason.NoPeerForDestination, b.SendTo(a).Reason);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(576)]
    [InlineData(1420)]
    [InlineData(1421)]
    [InlineData(65535)]
    public void PaddingGoesToSixteenAndNeverPastTheMtu(int mtu)
    {
        using var tunnel = new Tunnel(new SeededEntropy(1)) { Mtu = mtu };
        int highest = Math.Min(65535, (mtu == 0 ? 1420 : mtu) + 100);
        for (int length = 0; length <= highest; length++)
        {
            int padded = tunnel.PaddedLength(length);
            int aligned = (length + 15) / 16 * 16;
            if (mtu == 0 || aligned <= mtu)
            {
                Assert.Equal(aligned, padded);
            }
            else if (length <= mtu)
            {
                Assert.Equal(mtu, padded);
            }
            else
            {
                // A packet past the MTU: as the kernel, its last MTU-sized part is padded.
                int last = length % mtu;
                Assert.Equal(length - last + Math.Min(mtu, (last + 15) / 16 * 16), padded);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1420)]
    public void EveryLengthArrivesAsItWasWithZerosForPadding(int mtu) => SimulatedNetwork.RunPair(3, (network, a, b) =>
    {
        a.Tunnel.Mtu = mtu;
        for (int length = InnerPacket.MinimumLength; length <= 1420; length += 1 + (length / 100))
        {
            a.SendTo(b, length, isV6: (length & 1) == 1);
            network.Advance(0.001);
        }

        network.Advance(0.1);
        Assert.Equal(network.SentPackets, network.DeliveredPackets);
        Assert.All(network.Sent(a, MessageType.Transport), r => Assert.True(mtu == 0 || r.Bytes.Length <= mtu + Tunnel.DataOverhead));
    });

    [Theory]
    [InlineData(0x00, 0x00)] // Not-ECT
    [InlineData(0x01, 0x01)] // ECT(1)
    [InlineData(0x02, 0x02)] // ECT(0)
    [InlineData(0x03, 0x02)] // CE inside becomes ECT(0) outside
    [InlineData(0xB8, 0x00)] // the DSCP does not leak
    [InlineData(0xBA, 0x02)]
    public void TheOuterHeaderCarriesTheEcnFieldAlone(byte inner, byte outer) => SimulatedNetwork.RunPair(4, (network, a, b) =>
    {
        a.SendTo(b, trafficClass: inner);
        a.SendTo(b, isV6: true, trafficClass: inner);
        network.Advance(0.1);

        Assert.Equal([outer, outer], network.Wire.Where(r => r.IsData).Select(r => r.TrafficClass));
        Assert.All(network.Wire.Where(r => r.Type is MessageType.Initiation or MessageType.Response), r => Assert.Equal(0x88, r.TrafficClass));
    });

    [Theory]
    [InlineData(0x00, 0x00)]
    [InlineData(0x02, 0x03)]
    [InlineData(0x01, 0x03)]
    [InlineData(0xBA, 0xBB)]
    public void ACongestedRoutersMarkReachesTheInnerPacket(byte sent, byte received) => SimulatedNetwork.RunPair(5, (network, a, b) =>
    {
        network.DefaultLink = new Link { MarksCongestion = true };
        a.SendTo(b, trafficClass: sent);
        a.SendTo(b, isV6: true, trafficClass: sent);
        network.Advance(0.1);

        byte[] v4 = b.Delivered[0], v6 = b.Delivered[1];
        Assert.Equal(received, v4[1]);
        Assert.Equal(0, InnerPacket.ChecksumV4(v4));
        Assert.Equal(received, (byte)((v6[0] << 4) | (v6[1] >> 4)));
    });

    [Fact]
    public void AnInnerPacketThatLiesAboutItsLengthIsDropped() => SimulatedNetwork.RunPair(6, (network, a, b) =>
    {
        a.SendTo(b);
        network.Advance(0.1);
        byte[] packet = InnerPacket.Make(a.Inner, b.Inner, 100, 5000);
        packet[2] = 1; // 356 bytes
        a.Send(packet);
        byte[] notIp = InnerPacket.Make(a.Inner, b.Inner, 100, 5001);
        network.Advance(0.1);
        Assert.Equal(DropReason.InvalidInnerPacket, b.LastVerdict.Reason);
        notIp[0] = 0x55;
        Assert.Equal(DropReason.InvalidInnerPacket, a.Send(notIp).Reason);
        Assert.Equal(DropReason.InvalidInnerPacket, a.Send([]).Reason);
        Assert.Equal(DropReason.InvalidInnerPacket, a.Send([0x45]).Reason);

        Assert.Single(b.Delivered);
    });

    [Fact]
    public void BytesAreCountedAsTheKernelCountsThem() => SimulatedNetwork.RunPair(7, (network, a, b) =>
    {
        a.SendTo(b, 100);
        network.Advance(10.5); // initiation, response, data, keepalive
        using DeviceSnapshot snapshot = a.Tunnel.Snapshot(0, 0), other = b.Tunnel.Snapshot(0, 0);

        Assert.Equal(148 + 112 + 32UL, snapshot.Peers[0].SentBytes);
        Assert.Equal(92 + 32UL, snapshot.Peers[0].ReceivedBytes);
        Assert.Equal(snapshot.Peers[0].SentBytes, other.Peers[0].ReceivedBytes);
        Assert.Equal(snapshot.Peers[0].ReceivedBytes, other.Peers[0].SentBytes);
        Assert.InRange(snapshot.Peers[0].LastHandshakeUnixNanoseconds, SimulatedNetwork.WallOrigin, SimulatedNetwork.WallOrigin + 30_000_000);
    });

    private static void SendFrom(SimulatedNetwork network, SimulatedHost from, SimulatedHost to, uint source) =>
        from.Send(network.Register(from, number => InnerPacket.Make(IpAddress.V4(source), to.Inner, 100, number)));

    private static AllowedIpChange Allow(string text)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix));
        return new AllowedIpChange(prefix, false);
    }
}
