using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>One random history of three hosts; its log tells what happened.</summary>
/// <remarks>
/// A world that went wrong is made whole in two ways, after which traffic must flow.
/// <para>
/// <see cref="Heal"/> mends all that the actions did: every link is perfect; every interface is up; every host has every other as a peer again, with its key
/// and address of now, its own inner addresses and no preshared key; peers with keys that nobody has any more are gone; nobody is under load; every
/// clock is at the latest that any had, because a host whose clock was set back is refused, rightly (TAI64N), until its time has come again.
/// Sessions, handshakes, timers, queues and replay windows stay as they were: what they were left in is what the protocol has to get out of by itself.
/// </para>
/// <para>
/// <see cref="HealLinks"/> mends the network alone: every link is perfect, and two hosts know each other's address of now, if they agree. They agree if both are
/// up, each has the other's key of now for a peer and for the owner of the other's inner addresses, both have the same preshared key, and neither's
/// clock has been set back to before its last initiation. Interfaces, peers, prefixes, keys, clocks and load stay as they were. The others are held to nothing.
/// </para>
/// <para>
/// If both ends send, whichever has lost the session begins a handshake at once. If one alone sends, the other end may have lost the session and have nothing to
/// say about it: an answer to data of an unknown session is what WireGuard never gives. The sender then learns it from Keepalive-Timeout and
/// Rekey-Timeout of silence, 15 s, before it begins one: hence the longer time in which one-way traffic must flow.
/// </para>
/// </remarks>
internal sealed partial class RandomWalk
{
    private const int Hosts = 3;

    private readonly SimulatedNetwork _network;
    private readonly Random _random;
    private readonly StringBuilder _log = new();
    private readonly Action<SimulatedHost, SimulatedHost>[] _actions;
    private ushort _lastPort = 1000;
    private TimeSpan _latestWall;

    internal RandomWalk(SimulatedNetwork network)
    {
        _network = network;
        _random = network.Random;
        _actions =
        [
            Talk, Talk, Talk, Talk, Stream, Stream, ChangeLink, ChangeLink, Cut, Move, JumpClock, ChangePresharedKey, ChangePrivateKey,
            DownOrUp, RemoveOrAdd, RemoveWithinHandshake, ChangeKeepalive, Replay, Replay, Forge, Load, BeginBoth, NearLimit, Suspend,
            Spoof, Spoof, MovePrefix, MovePrefix,
        ];
        for (int i = 0; i < Hosts; i++)
        {
            network.AddHost();
        }

        Heal();
    }

    internal string Log => _log.ToString();

    /// <summary>Something happens, and some time passes: mostly little, sometimes past every limit.</summary>
    internal void Step()
    {
        SimulatedHost a = _network.Hosts[_random.Next(Hosts)];
        SimulatedHost b = _network.Hosts[(_network.Hosts.IndexOf(a) + 1 + _random.Next(Hosts - 1)) % Hosts];
        Action<SimulatedHost, SimulatedHost> action = _actions[_random.Next(_actions.Length)];
        _log.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"{(_network.Now - SimulatedNetwork.Origin).TotalSeconds:0.0} {action.Method.Name} {a} {b}; ");
        action(a, b);
        double[] spans = [0.001, 0.05, 0.1, 0.5, 1, 2, 6, 16, 130];
        _network.Advance(spans[_random.Next(spans.Length)] * _random.NextDouble());
        CheckHosts();
    }

    /// <summary>INVARIANT: what must be true of a host between any two events.</summary>
    private void CheckHosts()
    {
        foreach (SimulatedHost host in _network.Hosts)
        {
            int peers = Hosts * 8; // a replaced key leaves its peer behind until the walk heals
            _network.Check(host.Tunnel.SessionIndices <= 4 * peers, $"{host} holds {host.Tunnel.SessionIndices} session indices.");
            _network.Check(host.Tunnel.IsUp || host.Tunnel.SessionIndices == 0, $"{host} is down and has sessions.");
            _network.Check(host.Tunnel.NextDeadline > _network.Now, $"{host} has a deadline in the past.");
        }
    }

    private void Talk(SimulatedHost a, SimulatedHost b) => a.SendTo(b, InnerPacket.MinimumLength + _random.Next(1300), _random.Next(2) == 0);

    private void Stream(SimulatedHost a, SimulatedHost b)
    {
        for (int i = 0; i < 20; i++)
        {
            a.SendTo(b);
            if (_random.Next(2) == 0)
            {
                b.SendTo(a);
            }

            _network.Advance(_random.NextDouble() * 0.1);
        }
    }

    private void ChangeLink(SimulatedHost a, SimulatedHost b) => _network.SetLink(a, b, new Link
    {
        Delay = TimeSpan.FromMilliseconds(_random.Next(400)),
        Jitter = TimeSpan.FromMilliseconds(_random.Next(100)),
        Loss = _random.NextDouble() * 0.5,
        Duplication = _random.NextDouble() * 0.3,
        Corruption = _random.NextDouble() * 0.2,
        Mtu = _random.Next(4) == 0 ? 140 + _random.Next(1400) : 65535,
    });

    private void Cut(SimulatedHost a, SimulatedHost b) => _network.SetLinks(a, b, new Link { IsCut = true });

    private void Move(SimulatedHost a, SimulatedHost b) => a.Address = a.Address with { Port = ++_lastPort };

    private void JumpClock(SimulatedHost a, SimulatedHost b)
    {
        a.WallOffset += TimeSpan.FromSeconds(_random.Next(-300, 300));
        _latestWall = a.WallOffset > _latestWall ? a.WallOffset : _latestWall;
    }

    private void ChangePresharedKey(SimulatedHost a, SimulatedHost b)
    {
        byte[] bytes = new byte[32];
        bytes[0] = (byte)_random.Next(3);
        using var key = new PresharedKey(bytes);
        a.Apply(new PeerChange { PublicKey = b.PublicKey, PresharedKey = key, UpdateOnly = true });
        if (_random.Next(2) == 0)
        {
            b.Apply(new PeerChange { PublicKey = a.PublicKey, PresharedKey = key, UpdateOnly = true });
        }
    }

    private void ChangePrivateKey(SimulatedHost a, SimulatedHost b)
    {
        a.Apply(new DeviceChange { PrivateKey = PrivateKey.Generate(a.Entropy) });
        if (_random.Next(2) == 0)
        {
            ForgetOldKeys(b);
            b.Connect(a);
        }
    }

    private void DownOrUp(SimulatedHost a, SimulatedHost b)
    {
        if (a.Tunnel.IsUp)
        {
            a.Tunnel.Down();
        }
        else
        {
            a.Tunnel.Up(_network.Now);
        }
    }

    private void RemoveOrAdd(SimulatedHost a, SimulatedHost b)
    {
        a.Remove(b);
        if (_random.Next(3) > 0)
        {
            _network.Advance(_random.NextDouble());
            a.Connect(b);
        }
    }

    /// <summary>The peer goes and comes while a handshake with it is under way.</summary>
    private void RemoveWithinHandshake(SimulatedHost a, SimulatedHost b)
    {
        _network.Advance(ProtocolConstants.RejectAfterTime.TotalSeconds);
        a.SendTo(b);
        _network.Advance(_random.NextDouble() * 0.5);
        SimulatedHost either = _random.Next(2) == 0 ? a : b;
        either.Remove(either == a ? b : a);
        _network.Advance(_random.NextDouble() * 0.5);
        either.Connect(either == a ? b : a);
    }

    /// <summary>Both ends find at once that they have no session.</summary>
    private void BeginBoth(SimulatedHost a, SimulatedHost b)
    {
        _network.Advance(ProtocolConstants.RejectAfterTime.TotalSeconds);
        a.SendTo(b);
        _network.Advance(_random.NextDouble() * 0.01);
        b.SendTo(a);
    }

    /// <summary>The session of two hosts has sent nearly all that it may.</summary>
    private void NearLimit(SimulatedHost a, SimulatedHost b)
    {
        if (a.FindPeer(b)?.Keypairs.Current is not { } keypair)
        {
            return;
        }

        ulong limit = _random.Next(2) == 0 ? ProtocolConstants.RekeyAfterMessages : ProtocolConstants.RejectAfterMessages;
        keypair.SendCounter = Math.Max(keypair.SendCounter, limit - (ulong)_random.Next(10));
        Stream(a, b);
    }

    /// <summary>A machine sleeps for seconds or hours, and others go on speaking to it.</summary>
    private void Suspend(SimulatedHost a, SimulatedHost b)
    {
        a.IsAsleep = true;
        double[] spans = [5, 100, 200, 3600, 36_000];
        double span = spans[_random.Next(spans.Length)] * _random.NextDouble();
        for (int i = 0; i < 4; i++)
        {
            b.SendTo(a);
            _network.Advance(span / 4);
        }

        a.IsAsleep = false;
        a.Tick();
    }

    /// <summary>A host sends, within its session, from addresses that are others', nobody's, or its own by an odd prefix.</summary>
    private void Spoof(SimulatedHost a, SimulatedHost b)
    {
        for (int i = 0; i < 4; i++)
        {
            bool isV6 = _random.Next(2) == 0;
            a.Send(Nearby(isV6), isV6 ? b.InnerV6 : b.Inner);
            _network.Advance(_random.NextDouble() * 0.1);
        }
    }

    /// <summary>On one host an address goes to another peer, or a prefix that lies in one of another peer, or around it, comes or goes.</summary>
    private void MovePrefix(SimulatedHost a, SimulatedHost b)
    {
        IpAddress place = Nearby(_random.Next(2) == 0);
        int length = place.Bits - (_random.Next(2) * _random.Next(9));
        a.Apply(new PeerChange { PublicKey = b.PublicKey, AllowedIps = [new(new IpPrefix(place, length), _random.Next(3) == 0)], UpdateOnly = true });
        for (int i = 0; i < 4; i++)
        {
            a.Send(place.IsV6 ? a.InnerV6 : a.Inner, i == 0 ? place : Nearby(place.IsV6));
        }
    }

    /// <summary>A host's inner address, or one before or behind them all.</summary>
    private IpAddress Nearby(bool isV6)
    {
        int number = _random.Next(Hosts + 2);
        return isV6 ? IpAddress.V6(SimulatedHost.NetworkV6, (ulong)number) : IpAddress.V4(SimulatedHost.NetworkV4 + (uint)number);
    }

    private void ChangeKeepalive(SimulatedHost a, SimulatedHost b) =>
        a.Apply(new PeerChange { PublicKey = b.PublicKey, PersistentKeepaliveSeconds = (ushort)_random.Next(0, 30), UpdateOnly = true });

    /// <summary>Something that was on the wire comes again, to anyone, from anywhere.</summary>
    private void Replay(SimulatedHost a, SimulatedHost b)
    {
        if (_network.Wire.Count == 0)
        {
            return;
        }

        for (int i = 0; i < 5; i++)
        {
            WireRecord old = _network.Wire[_random.Next(_network.Wire.Count)];
            a.Receive(_random.Next(2) == 0 ? old.Source : new IpEndpoint(IpAddress.V4((uint)_random.Next()), 9), old.Bytes);
        }
    }

    private void Forge(SimulatedHost a, SimulatedHost b)
    {
        if (_network.Wire.Count == 0)
        {
            return;
        }

        byte[] forged = [.. _network.Wire[_random.Next(_network.Wire.Count)].Bytes];
        forged[4 + _random.Next(Math.Max(1, forged.Length - 36))] ^= (byte)(1 << _random.Next(8));
        a.Receive(new IpEndpoint(IpAddress.V4((uint)_random.Next()), 9), forged.AsSpan(0, _random.Next(8) == 0 ? _random.Next(forged.Length) : forged.Length));
    }

    private void Load(SimulatedHost a, SimulatedHost b) => a.QueuedHandshakes = _random.Next(2) * ProtocolConstants.UnderLoadQueuedHandshakes;
}
