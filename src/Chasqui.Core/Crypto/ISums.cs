namespace Chasqui.Core.Crypto;

/// <summary>A vector of 64-bit sums, one for each packet whose Poly1305 is computed side by side.</summary>
internal unsafe interface ISums<T> where T : unmanaged, ISums<T>
{
    static abstract T operator +(T a, T b);
    static abstract T operator &(T a, T b);
    static abstract T operator >>>(T a, int bits);

    /// <summary>Product of the low 32 bits.</summary>
    static abstract T operator *(T a, T b);

    static abstract T Create(ulong sum);

    /// <summary>Loads 16 bytes for each lane, from offset bytes behind at[lane], as 64-bit halves.</summary>
    static abstract void Load(byte** at, nint offset, out T low, out T high);
}
