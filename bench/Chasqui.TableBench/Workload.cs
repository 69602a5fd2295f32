using Chasqui.Core.Wire;

namespace Chasqui.TableBench;

/// <summary>A kind of table: which prefixes it holds. Every address asked for lies in a prefix of the table.</summary>
internal sealed record Workload(string Name, Func<Random, IpPrefix> Next)
{
    internal static readonly Workload[] All =
    [
        new("v4 /32, one dense /8", random => new(IpAddress.V4(0x0a000000 | ((uint)random.Next(1 << 21) << 1)), 32)),
        new("v4 /32, scattered", random => new(IpAddress.V4((uint)random.NextInt64(1L << 32)), 32)),
        new("v4, six lengths", random => new(IpAddress.V4((uint)random.NextInt64(1L << 32)), 32 - (2 * random.Next(6)))),
        new("v4, 25 lengths", random => new(IpAddress.V4((uint)random.NextInt64(1L << 32)), 8 + random.Next(25))),
        new("v6 /128, one /48", random => new(IpAddress.V6(0xfd00_0001_0002_0000, (ulong)random.NextInt64()), 128)),
        new("v6 /64, one /32", random => new(IpAddress.V6(0xfd00_0001_0000_0000 | (ulong)random.NextInt64(1L << 32), 0), 64)),
        new("v6, 33 lengths", random => new(IpAddress.V6((ulong)random.NextInt64(), 0), 32 + random.Next(33))),
    ];
}
