using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Fuzz.Engine;
using Rfc7748 = Org.BouncyCastle.Math.EC.Rfc7748;

namespace Chasqui.Fuzz.Targets;

/// <summary>Diffie-Hellman, differentially: the ways of computing a product and BouncyCastle's.</summary>
internal sealed class X25519Target : IFuzzTarget
{
    private const int Pair = 2 * X25519.KeyLength;
    private const int MostPairs = 4;

    public string Name => "x25519";

    public string Summary => "X25519 over any scalars and coordinates: one by one, side by side and portable as BouncyCastle has it";

    public int MaxLength => MostPairs * Pair;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. new byte[X25519.KeyLength], .. X25519.BasePoint],
        [.. Enumerable.Repeat((byte)0xFF, MostPairs * Pair)],
        [.. Enumerable.Range(0, MostPairs * Pair).Select(i => (byte)i)],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
    [
        new byte[X25519.KeyLength],
        [0xED, .. Enumerable.Repeat((byte)0xFF, 30), 0x7F],
        Convert.FromHexString("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        Convert.FromHexString("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        // Two pairs go one by one; more go side by side.
        int length = Math.Min(input.Length, MaxLength) / Pair * X25519.KeyLength;
        byte[] scalars = input[..length].ToArray(), points = input.Slice(length, length).ToArray();
        byte[] expected = new byte[length], products = new byte[length];
        for (int i = 0; i < length; i += X25519.KeyLength)
        {
            Rfc7748.X25519.ScalarMult(scalars, i, points, i, expected, i);
            Range one = i..(i + X25519.KeyLength);
            bool isSecret = X25519.TryAgree(scalars.AsSpan(one), points.AsSpan(one), products.AsSpan(one));
            Check.That(isSecret == !SecretMemory.IsZero(expected.AsSpan(one)));
        }

        Check.Same(products, expected);
        X25519.MultiplyPortable(scalars, points, products);
        Check.Same(products, expected);
        X25519.Multiply(scalars, points, points);
        Check.Same(points, expected);
    }
}
