using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Tests.Simulation;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Tunnels;

/// <summary>Two tunnels that have a session, without a network between them.</summary>
internal sealed class TunnelPair : IDisposable
{
    internal static readonly IpAddress InnerA = IpAddress.V4(0x0A000001), InnerB = IpAddress.V4(0x0A000002);
    internal static readonly IpEndpoint OuterA = new(IpAddress.V4(0xC0000201), 1), OuterB = new(IpAddress.V4(0xC0000202), 2);

    private readonly byte[] _buffer = new byte[70_000];

    internal TunnelPair(IEntropy entropy)
    {
        KeyA = PrivateKey.Generate(entropy);
        KeyB = PrivateKey.Generate(entropy);
        A = new Tunnel(entropy);
        B = new Tunnel(entropy);
        Moment = new Moment(SimulatedNetwork.Origin, SimulatedNetwork.WallOrigin);
        A.Up(Moment.Now);
        B.Up(Moment.Now);
        Assert.True(A.TryApply(new DeviceChange { PrivateKey = KeyA, Peers = [ChangeOfB] }, Moment.Now));
        Assert.True(B.TryApply(new DeviceChange { PrivateKey = KeyB, Peers = [ChangeOfA] }, Moment.Now));
    }

    internal Tunnel A { get; }

    internal Tunnel B { get; }

    internal PrivateKey KeyA { get; }

    internal PrivateKey KeyB { get; }

    internal Moment Moment { get; }

    internal PeerChange ChangeOfA => Change(KeyA.DerivePublicKey(), OuterA, InnerA);

    internal PeerChange ChangeOfB => Change(KeyB.DerivePublicKey(), OuterB, InnerB);

    /// <summary>Makes a session with A as initiator, by hand.</summary>
    internal void Establish()
    {
        var outbox = new ArrayOutbox(_buffer);
        byte[] packet = InnerPacket.Make(InnerA, InnerB, 100, 1);
        A.SendPacket(Moment.Now, packet, ref outbox);
        A.Tick(Moment, ref outbox);
        Assert.Equal(InitiationView.Length, outbox.Length);
        Pass(B, OuterA, ref outbox);
        Pass(A, OuterB, ref outbox);
        Assert.Equal(VerdictKind.Deliver, Pass(B, OuterA, ref outbox).Kind);
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        KeyA.Dispose();
        KeyB.Dispose();
    }

    private Verdict Pass(Tunnel to, IpEndpoint from, ref ArrayOutbox outbox)
    {
        byte[] datagram = outbox.Datagram.ToArray();
        return to.ReceiveDatagram(Moment, new Endpoint(from), 0, datagram, ref outbox);
    }

    private static PeerChange Change(PublicKey key, IpEndpoint endpoint, IpAddress inner) => new()
    {
        PublicKey = key,
        Endpoint = endpoint,
        ReplaceAllowedIps = true,
        AllowedIps = [new AllowedIpChange(new IpPrefix(inner, 32), false)],
    };
}
