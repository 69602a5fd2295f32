namespace Chasqui.Core.Routing;

/// <summary>An address of one family as a hashable value.</summary>
internal interface IPrefixKey<TSelf>
    where TSelf : struct, IPrefixKey<TSelf>
{
    /// <summary>Width of the family's addresses.</summary>
    static abstract int Bits { get; }

    /// <summary>The key with every bit after the first <paramref name="length"/> cleared.</summary>
    TSelf Mask(int length);

    bool Is(TSelf other);

    /// <summary>Mixes the key and the prefix length; the upper half of the result is the best mixed.</summary>
    ulong Hash(int length, in PrefixHashKey key);
}
