using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Tests.Simulation;

/// <content>How the world becomes whole again, and whether traffic flows then.</content>
internal sealed partial class RandomWalk
{
    /// <summary>Every host is up, knows every other as it is now, and no link or clock is wrong.</summary>
    internal void Heal()
    {
        HealNetwork();
        foreach (SimulatedHost host in _network.Hosts)
        {
            host.WallOffset = _latestWall; // any earlier and timestamps would be refused, rightly
            host.QueuedHandshakes = 0;
            if (!host.Tunnel.IsUp)
            {
                host.Tunnel.Up(_network.Now);
            }

            ForgetOldKeys(host);
            foreach (SimulatedHost other in _network.Hosts.Where(o => o != host))
            {
                using var none = new PresharedKey(new byte[32]);
                host.Connect(other, presharedKey: none);
            }
        }
    }

    /// <summary>No link is wrong, and hosts that agree about everything else know where the other is.</summary>
    /// <returns>Both directions between every two that agree.</returns>
    internal List<(SimulatedHost From, SimulatedHost To)> HealLinks()
    {
        HealNetwork();
        List<(SimulatedHost From, SimulatedHost To)> agreeing = Directions(Hosts).FindAll(pair => Agree(pair.From, pair.To));
        foreach ((SimulatedHost from, SimulatedHost to) in agreeing)
        {
            from.Apply(new PeerChange { PublicKey = to.PublicKey, Endpoint = to.Address, UpdateOnly = true });
        }

        return agreeing;
    }

    /// <summary>Sends a packet a second, from one host to the others or from each to each, until all of one second have arrived.</summary>
    internal TimeSpan? TrafficFlows(bool isOneWay, double limitSeconds) => TrafficFlows(Directions(isOneWay ? 1 : Hosts), limitSeconds);

    /// <summary>Sends a packet a second in each direction that is given, until all of one second have arrived.</summary>
    /// <returns>How long it took, or null if it took longer than the limit.</returns>
    internal TimeSpan? TrafficFlows(List<(SimulatedHost From, SimulatedHost To)> directions, double limitSeconds)
    {
        Instant start = _network.Now;
        while ((_network.Now - start).TotalSeconds <= limitSeconds)
        {
            List<ulong> numbers = [];
            foreach ((SimulatedHost from, SimulatedHost to) in directions)
            {
                from.SendTo(to);
                numbers.Add(_network.LastNumber);
                _network.Advance(0.02);
            }

            _network.Advance(0.1);
            if (numbers.TrueForAll(_network.IsDelivered))
            {
                return _network.Now - start;
            }

            _network.Advance(0.9 - (0.02 * numbers.Count));
        }

        return null;
    }

    private void HealNetwork()
    {
        _network.ClearLinks();
        _network.DefaultLink = Link.Perfect;
    }

    /// <summary>From each of the first hosts to every other.</summary>
    private List<(SimulatedHost From, SimulatedHost To)> Directions(int senders) =>
        [.. _network.Hosts.Take(senders).SelectMany(from => _network.Hosts.Where(to => to != from), (from, to) => (from, to))];

    private static bool Agree(SimulatedHost one, SimulatedHost other) =>
        CanSpeak(one, other) && CanSpeak(other, one) && PresharedKeyFor(one, other).AsSpan().SequenceEqual(PresharedKeyFor(other, one));

    private static bool CanSpeak(SimulatedHost from, SimulatedHost to) =>
        from.Tunnel.IsUp
        && from.Owners.OwnerOf(to.Inner) == to.PublicKey
        && from.Owners.OwnerOf(to.InnerV6) == to.PublicKey
        && from.Moment.UnixNanoseconds > from.LastInitiation;

    /// <summary>The preshared key that a host has for another; zeros for none.</summary>
    private static byte[] PresharedKeyFor(SimulatedHost host, SimulatedHost other)
    {
        using DeviceSnapshot snapshot = host.Tunnel.Snapshot(0, 0);
        return snapshot.Peers.First(peer => peer.PublicKey == other.PublicKey).PresharedKey is { } key ? key.DangerousSpan.ToArray() : new byte[32];
    }

    /// <summary>Removes the peers whose keys nobody has any more.</summary>
    private void ForgetOldKeys(SimulatedHost host)
    {
        using DeviceSnapshot snapshot = host.Tunnel.Snapshot(0, 0);
        foreach (PeerSnapshot peer in snapshot.Peers)
        {
            if (!_network.Hosts.Exists(h => h.PublicKey == peer.PublicKey))
            {
                host.Apply(new PeerChange { PublicKey = peer.PublicKey, Remove = true });
            }
        }
    }
}
