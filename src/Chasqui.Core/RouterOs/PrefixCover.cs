using Chasqui.Core.Wire;

namespace Chasqui.Core.RouterOs;

/// <summary>Prefixes, asked whether one of them covers another: in a time that does not depend on how many there are.</summary>
internal sealed class PrefixCover
{
    private readonly HashSet<IpPrefix> _prefixes = [];

    internal void Add(IpPrefix prefix) => _prefixes.Add(prefix);

    internal bool Contains(IpPrefix prefix) => _prefixes.Contains(prefix);

    /// <summary>Whether all of a prefix lies in one of these.</summary>
    internal bool Covers(IpPrefix prefix)
    {
        for (int length = prefix.Length; length >= 0; length--)
        {
            if (_prefixes.Contains(new IpPrefix(prefix.Address, length)))
            {
                return true;
            }
        }

        return false;
    }
}
