using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Linux.Udp;

namespace Chasqui.HubBench;

/// <summary>A peer that talks to the hub: a tunnel and a socket without an interface.</summary>
internal sealed class ActivePeer : IDisposable
{
    private readonly Tunnel _tunnel;
    private readonly int _flows;
    private readonly byte[] _packet = new byte[64];

    internal ActivePeer(int number, PrivateKey key, PublicKey hub, Scenario scenario)
    {
        _flows = scenario.Flows;
        Number = number;
        Prefixes = scenario.PrefixesPerPeer;
        _tunnel = new Tunnel(new SeededEntropy(1_000_000 + number)) { Mtu = 1420 };
        Socket = UdpSocket.Open(UdpFamily.V4, new UdpOptions { BufferBytes = 1 << 16, UseCoalescing = false });
        var peer = new PeerChange
        {
            PublicKey = hub,
            Endpoint = new IpEndpoint(Addresses.Value(Addresses.HubOuter), Addresses.Port),
            AllowedIps = [new AllowedIpChange(new IpPrefix(IpAddress.V4(0), 0), Remove: false)],
        };
        if (!_tunnel.TryApply(new DeviceChange { PrivateKey = key, Peers = [peer] }, Now()))
        {
            throw new InvalidOperationException("a tunnel takes no peer");
        }

        _tunnel.Up(Now());
    }

    internal int Number { get; }

    internal int Prefixes { get; }

    /// <summary>What it sends from.</summary>
    internal UdpSocket Socket { get; }

    internal bool IsReady { get; private set; }

    /// <summary>Starts a handshake with a packet for the hub.</summary>
    internal void Begin(byte[] buffer)
    {
        var outbox = new SocketOutbox(Socket, buffer);
        InnerPacket.Write(_packet, Addresses.Inner(Number * Prefixes), Addresses.Hub, 0);
        _ = _tunnel.SendPacket(Now(), _packet, ref outbox);
        _tunnel.Tick(new Moment(Now(), BootClock.UnixNanoseconds()), ref outbox);
    }

    /// <summary>Takes an answer if there is one.</summary>
    internal void Continue(ReceiveBatch batch, byte[] buffer)
    {
        if (batch.Receive(Socket) <= 0)
        {
            return;
        }

        var outbox = new SocketOutbox(Socket, buffer);
        var from = new Endpoint(new IpEndpoint(Addresses.Value(Addresses.HubOuter), Addresses.Port));
        foreach (ref ReceivedMessage message in batch.Messages)
        {
            Span<byte> datagram = batch.Buffer.Slice(message.Offset, message.Length);
            var now = new Moment(Now(), BootClock.UnixNanoseconds());
            IsReady |= _tunnel.ReceiveDatagram(now, from, 0, datagram, ref outbox).Kind == VerdictKind.Handled;
        }
    }

    /// <summary>Seals a burst of packets of one flow.</summary>
    /// <param name="inner">The inner packet; its source changes from burst to burst.</param>
    /// <param name="padded">As long as the packet with its padding.</param>
    /// <param name="burst">Which burst of this peer's it is.</param>
    /// <param name="datagrams">Where the datagrams go, end to end.</param>
    /// <param name="slots">As many as there are packets.</param>
    internal void Seal(byte[] inner, byte[] padded, int burst, Span<byte> datagrams, Span<PacketSlot> slots)
    {
        InnerPacket.Write(inner, Addresses.Inner((Number * Prefixes) + (burst % Prefixes)), Addresses.Hub, burst % _flows);
        inner.CopyTo(padded, 0);
        if (_tunnel.Route(Now(), padded, out Peer? hub) != DropReason.None
            || !_tunnel.TryBeginSend(hub!, Now(), slots.Length, datagrams.Length, out SendGrant grant))
        {
            throw new InvalidOperationException("a peer has no session");
        }

        int stride = datagrams.Length / slots.Length;
        for (int i = 0; i < slots.Length; i++)
        {
            ulong counter = grant.FirstCounter + (ulong)i;
            Span<byte> datagram = datagrams.Slice(i * stride, stride);
            TransportView.WriteHeader(datagram, grant.Keypair.Remote, counter);
            padded.CopyTo(datagram[TransportView.HeaderLength..]);
            slots[i] = new PacketSlot
            {
                Offset = (i * stride) + TransportView.HeaderLength,
                Length = stride - Tunnel.DataOverhead,
                Counter = counter,
            };
        }

        grant.Keypair.Seal(datagrams, slots);
        grant.Keypair.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Socket.Dispose();
        _tunnel.Dispose();
    }

    private static Instant Now() => new(BootClock.Now());
}
