using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

public sealed class TunnelSmokeTests
{
    private sealed class SeededEntropy(int seed) : IEntropy
    {
        private readonly Random _random = new(seed);
        public void Fill(Span<byte> destination) => _random.NextBytes(destination);
    }

    private struct ListOutbox : IOutbox
    {
        public readonly List<byte[]> Sent;
        private readonly byte[] _buffer;
        public ListOutbox() { Sent = []; _buffer = new byte[70000]; }
        public readonly Span<byte> Reserve(int lengthBytes) => _buffer.AsSpan(0, lengthBytes);
        public readonly void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) => Sent.Add(_buffer[..lengthBytes]);
    }

    [Fact]
    public void TwoTunnelsTalk()
    {
        var now = new Moment(new Instant(1_000_000_000_000), 1_700_000_000_000_000_000);
        using Tunnel a = Make(1, out PrivateKey ak), b = Make(2, out PrivateKey bk);
        Connect(a, ak, bk, "10.0.0.2/32", "192.0.2.2:2", now);
        Connect(b, bk, ak, "10.0.0.1/32", "192.0.2.1:1", now);
        byte[] packet = new byte[100];
        packet[0] = 0x45; packet[3] = 100; packet[12] = 10; packet[15] = 1; packet[16] = 10; packet[19] = 2;
        var outA = new ListOutbox();
        var outB = new ListOutbox();
        var fromA = new Endpoint(new IpEndpoint(IpAddress.V4(0xC0000201), 1));
        var fromB = new Endpoint(new IpEndpoint(IpAddress.V4(0xC0000202), 2));

        Assert.Equal(VerdictKind.Handled, a.SendPacket(now.Now, packet, ref outA).Kind);
        Assert.Empty(outA.Sent);
        a.Tick(now, ref outA);
        byte[] init = Assert.Single(outA.Sent); outA.Sent.Clear();
        Assert.Equal(VerdictKind.Handled, b.ReceiveDatagram(now, fromA, 0, init, ref outB).Kind);
        byte[] resp = Assert.Single(outB.Sent); outB.Sent.Clear();
        Assert.Equal(VerdictKind.Handled, a.ReceiveDatagram(now, fromB, 0, resp, ref outA).Kind);
        byte[] data = Assert.Single(outA.Sent); outA.Sent.Clear();
        Verdict verdict = b.ReceiveDatagram(now, fromA, 0, data, ref outB);
        Assert.Equal(VerdictKind.Deliver, verdict.Kind);
        Assert.Equal(packet, data[verdict.Offset..(verdict.Offset + verdict.Length)]);
    }

    private static Tunnel Make(int seed, out PrivateKey key)
    {
        var entropy = new SeededEntropy(seed);
        key = PrivateKey.Generate(entropy);
        return new Tunnel(entropy);
    }

    private static void Connect(Tunnel tunnel, PrivateKey own, PrivateKey other, string allowed, string endpoint, Moment now)
    {
        Assert.True(IpPrefix.TryParse(allowed, out IpPrefix prefix));
        Assert.True(IpEndpoint.TryParse(endpoint, out IpEndpoint remote));
        tunnel.Up(now.Now);
        Assert.True(tunnel.TryApply(
            new DeviceChange
            {
                PrivateKey = own,
                Peers = [new PeerChange { PublicKey = other.DerivePublicKey(), Endpoint = remote, AllowedIps = [new(prefix, false)] }],
            },
            now.Now));
    }
}
