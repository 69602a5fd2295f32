using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config.Provision;

/// <summary>Chooses a private network that nothing on the machine overlaps.</summary>
public static class FreeNetwork
{
    private const int Length = 24;
    private const int Attempts = 256;

    // RFC 1918; the largest first, where two machines that choose by chance are least likely to choose the same.
    private static readonly IpPrefix[] Ranges =
    [
        new(IpAddress.V4(10u << 24), 8),
        new(IpAddress.V4((172u << 24) | (16u << 16)), 12),
        new(IpAddress.V4((192u << 24) | (168u << 16)), 16),
    ];

    /// <summary>A network of 256 addresses, chosen by chance so that two sites hardly ever choose the same.</summary>
    /// <param name="entropy">Where chance comes from.</param>
    /// <param name="taken">The machine's addresses and routes; default routes do not count.</param>
    /// <exception cref="ConfigException">Nothing was found free.</exception>
    public static IpPrefix Choose(IEntropy entropy, IEnumerable<IpPrefix> taken)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        PrefixSet known = PrefixSet.Of(taken.Where(static prefix => prefix.Length > 0));
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        foreach (IpPrefix range in Ranges)
        {
            for (int i = 0; i < Attempts; i++)
            {
                entropy.Fill(bytes);
                uint host = BitConverter.ToUInt32(bytes) & (uint.MaxValue >> range.Length);
                var network = new IpPrefix(IpAddress.V4((uint)(range.Address.High >> 32) | host), Length);
                if (known.Intersect(PrefixSet.Of([network])).IsEmpty)
                {
                    return network;
                }
            }
        }

        throw new ConfigException("no private network of 256 addresses was found that no route or address of this machine overlaps; give --address.");
    }
}
