namespace Chasqui.Core.Routing;

/// <summary>An IPv4 address as a key.</summary>
internal readonly struct V4Key(uint value) : IPrefixKey<V4Key>
{
    internal readonly uint Value = value;

    public static int Bits => 32;

    public V4Key Mask(int length) => new((uint)(Value & (ulong.MaxValue << (32 - length))));

    public bool Is(V4Key other) => Value == other.Value;

    public ulong Hash(int length, in PrefixHashKey key) => key.Finish((Value * key.High) + ((ulong)length * key.Length));
}
