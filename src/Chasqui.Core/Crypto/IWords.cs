using System.Diagnostics.CodeAnalysis;

namespace Chasqui.Core.Crypto;

/// <summary>A vector of 32-bit words, one for each ChaCha20 block in flight. Of every width the same algorithm is made.</summary>
internal unsafe interface IWords<T> where T : unmanaged, IWords<T>
{
    /// <summary>0, 1, 2 and so on.</summary>
    static abstract T Indices { get; }

    static abstract T operator +(T a, T b);
    static abstract T operator ^(T a, T b);

    static abstract T Create(uint word);

    /// <summary>Rotates each word left by 16, 12, 8 or 7 bits.</summary>
    static abstract T Rotate(T x, [ConstantExpected] byte bits);

    /// <summary>Turns eight rows into 32 bytes of each lane's block, and XORs them where at[lane] points, offset bytes on.</summary>
    static abstract void XorHalf(T a, T b, T c, T d, T e, T f, T g, T h, ulong* at, ulong offset);
}
