using System.Diagnostics;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Benchmarks.Routing;

/// <summary>A table's content, and addresses that all have an owner in it.</summary>
internal sealed class Table
{
    private const int MaxOwners = 1 << 16;

    internal Table(TableKind kind, int prefixes)
    {
        var random = new Random(1);
        Prefixes = new IpPrefix[prefixes];
        for (int i = 0; i < prefixes; i++)
        {
            Prefixes[i] = Next(kind, random);
        }
    }

    internal IpPrefix[] Prefixes { get; }

    /// <summary>The table itself, made anew, and its owners.</summary>
    internal AllowedIps<Owner> Fill()
    {
        var owners = new Owner[Math.Min(Prefixes.Length, MaxOwners)];
        for (int i = 0; i < owners.Length; i++)
        {
            owners[i] = new Owner();
        }

        var table = new AllowedIps<Owner>(new SeededEntropy(1));
        for (int i = 0; i < Prefixes.Length; i++)
        {
            table.Insert(Prefixes[i], owners[i % owners.Length]);
        }

        return table;
    }

    /// <summary>Random addresses, each in a prefix of the table.</summary>
    internal IpAddress[] Addresses(int count)
    {
        var random = new Random(2);
        var addresses = new IpAddress[count];
        for (int i = 0; i < count; i++)
        {
            IpPrefix prefix = Prefixes[random.Next(Prefixes.Length)];
            addresses[i] = prefix.Address.IsV4
                ? IpAddress.V4((uint)((prefix.Address.High >> 32) | ((ulong)random.NextInt64(1L << 32) & ((1UL << (32 - prefix.Length)) - 1))))
                : prefix.Address;
        }

        return addresses;
    }

    private static IpPrefix Next(TableKind kind, Random random) => kind switch
    {
        TableKind.HostsV4 => new(IpAddress.V4(0x0a000000 | ((uint)random.Next(1 << 21) << 1)), 32),
        TableKind.SixLengthsV4 => new(IpAddress.V4((uint)random.NextInt64(1L << 32)), 32 - (2 * random.Next(6))),
        TableKind.NetworksV6 => new(IpAddress.V6(0xfd00_0001_0000_0000 | (ulong)random.NextInt64(1L << 32), 0), 64),
        _ => throw new UnreachableException(),
    };
}
