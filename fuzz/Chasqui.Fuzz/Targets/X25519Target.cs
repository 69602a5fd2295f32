using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Fuzz.Engine;
using Rfc7748 = Org.BouncyCastle.Math.EC.Rfc7748;

namespace Chasqui.Fuzz.Targets;

/// <summary>Diffie-Hellman, differentially: the ways of computing a product and BouncyCastle's.</summary>
/// <remarks>Shape: four scalars, then four coordinates; what is missing is zeros. An entry is a pair.</remarks>
internal sealed class X25519Target : IFuzzTarget
{
    private const int Pairs = 4;
    private const int Length = Pairs * X25519.KeyLength;

    public string Name => "x25519";

    public string Summary => "X25519 over any scalars and coordinates: one by one, side by side and portable as BouncyCastle has it";

    public int MaxLength => 2 * Length;

    public int EntriesPerRun => Pairs;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. new byte[Length], .. X25519.BasePoint, .. X25519.BasePoint],
        [.. Enumerable.Repeat((byte)0xFF, 2 * Length)],
        [.. Enumerable.Range(0, 2 * Length).Select(i => (byte)i)],
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
        byte[] scalars = new byte[Length], points = new byte[Length], expected = new byte[Length], products = new byte[Length];
        var reader = new InputReader(input);
        reader.Fill(scalars);
        reader.Fill(points);
        for (int i = 0; i < Length; i += X25519.KeyLength)
        {
            Rfc7748.X25519.ScalarMult(scalars, i, points, i, expected, i);
            Range one = i..(i + X25519.KeyLength);
            bool isSecret = X25519.TryAgree(scalars.AsSpan(one), points.AsSpan(one), products.AsSpan(one));
            Check.That(isSecret == !SecretMemory.IsZero(expected.AsSpan(one)));
        }

        Check.Same(products, expected);
        products.AsSpan().Clear();
        X25519.MultiplyPortable(scalars, points, products);
        Check.Same(products, expected);

        // Three are side by side as four are, with a lane that computes nothing.
        const int Three = Length - X25519.KeyLength;
        products.AsSpan(0, Three).Clear();
        X25519.Multiply(scalars.AsSpan(0, Three), points.AsSpan(0, Three), products.AsSpan(0, Three));
        Check.Same(products, expected);
        X25519.Multiply(scalars, points, points);
        Check.Same(points, expected);
    }
}
