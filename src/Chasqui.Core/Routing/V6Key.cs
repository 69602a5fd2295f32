namespace Chasqui.Core.Routing;

/// <summary>An IPv6 address as a key.</summary>
internal readonly struct V6Key(ulong high, ulong low) : IPrefixKey<V6Key>
{
    internal readonly ulong High = high;
    internal readonly ulong Low = low;

    public static int Bits => 128;

    public V6Key Mask(int length) => length switch
    {
        128 => this,
        > 64 => new(High, Low & (ulong.MaxValue << (128 - length))),
        64 => new(High, 0),
        0 => default,
        _ => new(High & (ulong.MaxValue << (64 - length)), 0),
    };

    public bool Is(V6Key other) => High == other.High && Low == other.Low;

    public ulong Hash(int length, in PrefixHashKey key) =>
        key.Finish((High * key.High) ^ (Low * key.Low) ^ ((ulong)length * key.Length));
}
