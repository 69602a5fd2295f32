using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>One machine of the simulated network: a tunnel, an address, a wall clock, and what the tunnel delivered.</summary>
internal sealed partial class SimulatedHost : IDisposable
{
    /// <summary>Inner addresses are the host's number in this /8; those of IPv6 in this /64.</summary>
    internal const uint NetworkV4 = 0x0A000000;
    internal const ulong NetworkV6 = 0xfd00_0000_0000_0000;

    private readonly SimulatedNetwork _network;
    private readonly int _number;
    private readonly byte[] _receiveBuffer = new byte[70_000];

    internal SimulatedHost(SimulatedNetwork network, int number)
    {
        _network = network;
        _number = number;
        Entropy = new SeededEntropy(unchecked((network.Seed * 1000) + number));
        Key = PrivateKey.Generate(Entropy);
        PublicKey = Key.DerivePublicKey();
        _keys.Add(PublicKey);
        Tunnel = new Tunnel(Entropy);
        Tunnel.TryApply(new DeviceChange { PrivateKey = Key }, network.Now);
        Tunnel.Up(network.Now);
        Address = new IpEndpoint(IpAddress.V4(0xC0000200u + (uint)number), 51820);
        Inner = IpAddress.V4(NetworkV4 + (uint)number);
        InnerV6 = IpAddress.V6(NetworkV6, (ulong)number);
    }

    internal Tunnel Tunnel { get; }

    internal SeededEntropy Entropy { get; }

    internal PrivateKey Key { get; private set; }

    internal PublicKey PublicKey { get; private set; }

    /// <summary>Where the network finds the host; setting it is roaming, or a NAT that forgot.</summary>
    internal IpEndpoint Address { get; set; }

    /// <summary>The host's place in the other family, if it has one.</summary>
    internal IpEndpoint? SecondAddress { get; set; }

    /// <summary>What the host's resolver knows. What it does not know it fails to resolve.</summary>
    internal Dictionary<string, IpEndpoint[]> NameServer { get; } = [];

    /// <summary>How long its answers are good.</summary>
    internal TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>When the resolver was asked.</summary>
    internal List<Instant> Queries { get; } = [];

    internal IpAddress Inner { get; }

    internal IpAddress InnerV6 { get; }

    /// <summary>How far the wall clock is from the truth. The monotonic clock is always right.</summary>
    internal TimeSpan WallOffset { get; set; }

    /// <summary>The latest time by the wall clock at which the host sent an initiation, in nanoseconds since 1970: an earlier one is refused.</summary>
    internal long LastInitiation { get; private set; }

    /// <summary>What the host's engine says about its queue of handshakes; 512 and more is "under load".</summary>
    internal int QueuedHandshakes { get; set; }

    /// <summary>Whether the machine is suspended: it hears nothing, and its deadlines wait. Its clocks go on.</summary>
    internal bool IsAsleep { get; set; }

    /// <summary>Packets that the tunnel delivered, in order.</summary>
    internal List<byte[]> Delivered { get; } = [];

    /// <summary>Outer traffic class of what arrived last, and what became of it.</summary>
    internal Verdict LastVerdict { get; private set; }

    /// <summary>The responder's index in the response that the tunnel is reading, if it is.</summary>
    internal SessionIndex? ResponseAtHand { get; private set; }

    internal byte[] SendBuffer { get; } = new byte[70_000];

    internal Moment Moment => new(
        _network.Now,
        SimulatedNetwork.WallOrigin + (_network.Now.Nanoseconds - SimulatedNetwork.Origin.Nanoseconds) + (WallOffset.Ticks * 100));

    /// <summary>Makes another host a peer: its address as endpoint, its inner addresses as allowed addresses.</summary>
    internal void Connect(SimulatedHost other, PresharedKey? presharedKey = null, ushort keepalive = 0, bool hasEndpoint = true) =>
        Apply(new PeerChange
        {
            PublicKey = other.PublicKey,
            PresharedKey = presharedKey,
            Endpoint = hasEndpoint ? other.Address : null,
            PersistentKeepaliveSeconds = keepalive,
            ReplaceAllowedIps = true,
            AllowedIps = [new(new IpPrefix(other.Inner, 32), false), new(new IpPrefix(other.InnerV6, 128), false)],
        });

    internal void Apply(params ReadOnlySpan<PeerChange> changes) => Apply(new DeviceChange { Peers = [.. changes] });

    internal void Apply(DeviceChange change)
    {
        Assert.True(Tunnel.TryApply(change, _network.Now));
        if (change.PrivateKey is { } key)
        {
            Key = key;
            PublicKey = key.DerivePublicKey();
            _keys.Add(PublicKey);
        }

        Owners.Apply(change, PublicKey);
    }

    /// <summary>Where datagrams to or from a place come and go.</summary>
    internal IpEndpoint AddressFor(IpEndpoint place) =>
        SecondAddress is { } second && second.Address.IsV6 == place.Address.IsV6 ? second : Address;

    /// <summary>As <see cref="Connect"/>, by the other host's name.</summary>
    internal void ConnectByName(SimulatedHost other, string host, ushort keepalive = 0)
    {
        Connect(other, keepalive: keepalive, hasEndpoint: false);
        Assert.True(EndpointName.TryMake(host, other.Address.Port, out EndpointName name));
        Apply(new PeerChange { PublicKey = other.PublicKey, EndpointName = name });
    }

    internal void Remove(SimulatedHost other) => Apply(new PeerChange { PublicKey = other.PublicKey, Remove = true });

    /// <summary>The tunnel's object for another host. The interface must be up.</summary>
    internal Peer PeerOf(SimulatedHost other) => FindPeer(other) ?? throw new InvalidOperationException($"{other} is no peer of {this}.");

    /// <summary>The tunnel's object for another host, or null if it is none or the interface is down.</summary>
    internal Peer? FindPeer(SimulatedHost other)
    {
        Tunnel.Route(default, InnerPacket.Make(Inner, other.Inner, InnerPacket.MinimumLength, 0), out Peer? peer);
        return peer;
    }

    /// <summary>Sends a numbered packet to another host's inner address.</summary>
    internal Verdict SendTo(SimulatedHost other, int length = 100, bool isV6 = false, byte trafficClass = 0) =>
        Send(_network.Register(this, number => isV6
            ? InnerPacket.Make(InnerV6, other.InnerV6, length, number, trafficClass)
            : InnerPacket.Make(Inner, other.Inner, length, number, trafficClass)));

    /// <summary>Sends a numbered packet from and to any two addresses of one family.</summary>
    internal Verdict Send(IpAddress source, IpAddress destination) =>
        Send(_network.Register(this, number => InnerPacket.Make(source, destination, 100, number)));

    internal Verdict Send(byte[] packet)
    {
        List<byte[]>? waiting = NoteHandedIn(packet);
        var outbox = new NetworkOutbox(_network, this);
        Verdict verdict = Tunnel.SendPacket(_network.Now, packet, ref outbox);
        CheckRouting(packet, waiting, verdict);
        return verdict;
    }

    /// <summary>A datagram arrives, from the network or from an attacker.</summary>
    internal Verdict Receive(IpEndpoint source, ReadOnlySpan<byte> datagram, byte trafficClass = 0)
    {
        datagram.CopyTo(_receiveBuffer);
        Span<byte> bytes = _receiveBuffer.AsSpan(0, datagram.Length);
        var from = new Endpoint(source, AddressFor(source).Address, 1);
        bool isResponse = ResponseView.TryRead(datagram.ToArray(), out ResponseView response);
        ResponseAtHand = isResponse ? response.Sender : null;
        LastVerdict = Take(from, trafficClass, bytes);
        if (LastVerdict == Verdict.Handled && isResponse)
        {
            _network.NoteBirth(this, response.Receiver, response.Sender);
        }

        ResponseAtHand = null;

        if (LastVerdict.Kind == VerdictKind.Deliver)
        {
            _network.CheckAge(this, datagram);
            byte[] packet = bytes.Slice(LastVerdict.Offset, LastVerdict.Length).ToArray();
            _network.NoteDelivery(this, datagram, packet, IpPacket.IsCongestionExperienced(trafficClass));
            Delivered.Add(packet);
        }
        else if (Datagram.Classify(datagram) == MessageType.Transport)
        {
            CheckRefusal(datagram, bytes[TransportView.HeaderLength..^ProtocolConstants.TagLength]);
        }

        return LastVerdict;
    }

    private Verdict Take(in Endpoint from, byte trafficClass, Span<byte> bytes)
    {
        var outbox = new NetworkOutbox(_network, this);
        if (QueuedHandshakes == 0 || Datagram.Classify(bytes) == MessageType.Transport)
        {
            return Tunnel.ReceiveDatagram(Moment, from, trafficClass, bytes, ref outbox);
        }

        DropReason reason = Tunnel.ReceiveHandshake(Moment, from, bytes, QueuedHandshakes, ref outbox);
        return reason == DropReason.None ? Verdict.Handled : Verdict.Drop(reason);
    }

    /// <summary>Notes that an initiation is sent now.</summary>
    internal void NoteInitiation() => LastInitiation = Math.Max(LastInitiation, Moment.UnixNanoseconds);

    /// <summary>Runs the deadlines that are due. INVARIANT: none is left.</summary>
    internal void Tick()
    {
        var outbox = new NetworkOutbox(_network, this);
        Tunnel.Tick(Moment, ref outbox);
        while (Tunnel.TryTakeNameQuery(out NameQuery? query))
        {
            Queries.Add(_network.Now);
            if (NameServer.TryGetValue(query.Name.Host!, out IpEndpoint[]? addresses))
            {
                Tunnel.AnswerName(query, addresses, TimeToLive, _network.Now);
            }
            else
            {
                Tunnel.FailName(query, _network.Now);
            }
        }

        Tunnel.Tick(Moment, ref outbox); // an answer may be what something waited for
        _network.Check(Tunnel.NextDeadline > _network.Now, "After a tick the next deadline does not lie in the future.");
    }

    public void Dispose()
    {
        Tunnel.Dispose();
        Key.Dispose();
    }

    public override string ToString() => $"host{_number}";
}
