using BenchmarkDotNet.Attributes;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Benchmarks.Noise;

/// <summary>
/// A whole handshake through two tunnels, both ends' work in one thread: from the packet that finds no session to its delivery, with
/// MACs, cookies' keys, indices and timers, the packet itself and the keepalive that answers it.
/// </summary>
public class TunnelHandshakeBenchmarks
{
    private static readonly IpEndpoint OuterA = new(IpAddress.V4(0xC0000201), 1), OuterB = new(IpAddress.V4(0xC0000202), 2);
    private static readonly TimeSpan UntilTheSessionIsOver = ProtocolConstants.RejectAfterTime + TimeSpan.FromSeconds(20);
    private static readonly TimeSpan UntilTheKeepalive = ProtocolConstants.KeepaliveTimeout + TimeSpan.FromSeconds(1);

    private readonly Tunnel _a = new(new SeededEntropy(1));
    private readonly Tunnel _b = new(new SeededEntropy(2));
    private readonly byte[] _packet = new byte[100];
    private readonly byte[] _datagram = new byte[2000];
    private readonly byte[] _buffer = new byte[70_000];
    private Moment _moment = new(new Instant(1_000_000_000_000), 1_700_000_000_000_000_000);

    [GlobalSetup]
    public void Setup()
    {
        var entropy = new SeededEntropy(3);
        using PrivateKey keyA = PrivateKey.Generate(entropy), keyB = PrivateKey.Generate(entropy);
        _packet[0] = 0x45;
        _packet[3] = (byte)_packet.Length;
        _packet[12] = _packet[16] = 10;
        _packet[15] = 1;
        _packet[19] = 2;
        Configure(_a, keyA, keyB.DerivePublicKey(), OuterB, 0x0A000002);
        Configure(_b, keyB, keyA.DerivePublicKey(), OuterA, 0x0A000001);
    }

    [Benchmark]
    public void FromNoSessionToTheFirstPacket()
    {
        Later(UntilTheSessionIsOver);
        var outbox = new LastDatagram(_buffer);
        _a.Tick(_moment, ref outbox);
        _b.Tick(_moment, ref outbox);
        _a.SendPacket(_moment.Now, _packet, ref outbox);
        _a.Tick(_moment, ref outbox);
        Pass(_b, OuterA, ref outbox, InitiationView.Length);
        Pass(_a, OuterB, ref outbox, ResponseView.Length);
        if (Pass(_b, OuterA, ref outbox, outbox.Length).Kind != VerdictKind.Deliver) throw new InvalidOperationException("Not delivered.");

        // Without it A would begin anew by itself.
        Later(UntilTheKeepalive);
        _b.Tick(_moment, ref outbox);
        Pass(_a, OuterB, ref outbox, Tunnel.DataOverhead);
    }

    private void Configure(Tunnel tunnel, PrivateKey key, PublicKey peer, IpEndpoint endpoint, uint inner)
    {
        tunnel.Up(_moment.Now);
        _ = tunnel.TryApply(
            new DeviceChange
            {
                PrivateKey = key,
                Peers =
                [
                    new PeerChange { PublicKey = peer, Endpoint = endpoint, AllowedIps = [new(new IpPrefix(IpAddress.V4(inner), 32), false)] },
                ],
            },
            _moment.Now);
    }

    private void Later(TimeSpan span) =>
        _moment = new Moment(_moment.Now + span, _moment.UnixNanoseconds + (span.Ticks * TimeSpan.NanosecondsPerTick));

    private Verdict Pass(Tunnel to, IpEndpoint from, ref LastDatagram outbox, int expectedLength)
    {
        if (outbox.Length != expectedLength) throw new InvalidOperationException($"{expectedLength} bytes expected, not {outbox.Length}.");
        int length = outbox.Length;
        outbox.Datagram.CopyTo(_datagram);
        return to.ReceiveDatagram(_moment, new Endpoint(from), 0, _datagram.AsSpan(0, length), ref outbox);
    }
}
