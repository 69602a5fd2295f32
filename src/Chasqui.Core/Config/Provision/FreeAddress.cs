using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config.Provision;

/// <summary>Finds the next free address for a peer in the networks of a hub.</summary>
public static class FreeAddress
{
    private const int MinV4HostBits = 2;

    /// <summary>The first free host after the hub's own address, in the first network of each family that has one.</summary>
    /// <remarks>
    /// The lowest one if none above the hub's is free. Neither a network's own address nor IPv4's broadcast address is given away, unless
    /// the network is but two addresses wide (RFC 3021, RFC 6164). A taken prefix that covers a whole network, as that of a way out into the
    /// world does, takes none of its addresses.
    /// </remarks>
    /// <param name="hub">The hub's addresses with the lengths of their networks.</param>
    /// <param name="taken">What other peers have.</param>
    /// <returns>One address or two, with the networks' lengths.</returns>
    /// <exception cref="ConfigException">The hub has no network, or its networks are full.</exception>
    public static IReadOnlyList<QuickAddress> Find(IReadOnlyList<QuickAddress> hub, IEnumerable<IpPrefix> taken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        QuickAddress[] networks = [.. hub.Where(static address => address.Length < address.Address.Bits)];
        if (networks.Length == 0)
        {
            throw new ConfigException(hub.Count == 0
                ? "the interface has no Address; add one, or say which address the peer has with --address."
                : $"{hub[0]} is one address and no network to take another from; give --address.");
        }

        IpPrefix[] known = [.. taken, .. hub.Select(static address => new IpPrefix(address.Address, address.Address.Bits))];
        return [.. Find(networks, known, isV4: true), .. Find(networks, known, isV4: false)];
    }

    private static QuickAddress[] Find(QuickAddress[] hub, IpPrefix[] taken, bool isV4)
    {
        QuickAddress[] networks = Array.FindAll(hub, address => address.Address.IsV4 == isV4);
        foreach (QuickAddress network in networks)
        {
            if (TryFind(network, taken, out QuickAddress address))
            {
                return [address];
            }
        }

        string names = string.Join(" and ", networks.Select(static network => network.Prefix));
        return networks.Length == 0
            ? []
            : throw new ConfigException($"{names} has no free address left; remove a peer, or give --address.");
    }

    private static bool TryFind(QuickAddress hub, IpPrefix[] taken, out QuickAddress address)
    {
        IpPrefix network = hub.Prefix;
        IEnumerable<IpPrefix> inside = taken.Where(prefix => prefix.Length > network.Length && network.Contains(prefix.Address));
        PrefixSet free = PrefixSet.Of([network]).Except(PrefixSet.Of([.. inside, .. Reserved(network)]));
        PrefixSet above = free.Except(PrefixSet.OfRange(network.Address, hub.Address));
        PrefixSet choice = above.IsEmpty ? free : above;
        address = choice.IsEmpty ? default : new QuickAddress(choice.ToPrefixes()[0].Address, network.Length);
        return !choice.IsEmpty;
    }

    /// <summary>The addresses of a network that no host has: its own (IPv6: any router's), and IPv4's broadcast.</summary>
    private static IpPrefix[] Reserved(IpPrefix network)
    {
        IpAddress first = network.Address;
        if (first.Bits - network.Length < MinV4HostBits)
        {
            return [];
        }

        var own = new IpPrefix(first, first.Bits);
        return first.IsV4
            ? [own, new IpPrefix(IpAddress.V4((uint)(first.High >> 32) | (uint.MaxValue >> network.Length)), first.Bits)]
            : [own];
    }
}
