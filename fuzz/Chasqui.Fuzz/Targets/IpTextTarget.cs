using System.Text;
using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Addresses, prefixes and endpoints as text.</summary>
internal sealed class IpTextTarget : IFuzzTarget
{
    public string Name => "iptext";

    public string Summary => "IpAddress, IpPrefix and IpEndpoint over any text: as inet_pton(3) reads it, and written again the same";

    public int MaxLength => 128;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "192.0.2.1", "0.0.0.0/0", "10.1.2.3/24", "2001:db8::1", "::", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "fe80::1%2", "::/0",
            "fd00::/64", "192.0.2.1:51820", "[2001:db8::1]:51820", "[fe80::1%3]:1", "1:2:3:4:5:6:1.2.3.4", "01.2.3.4", "1.2.3", "0x7f.0.0.1",
            "::1::", "1:::2", "[::]:0", "1.2.3.4/032", "[::1%4294967295]:65535",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "::", ":", ".", "/", "[", "]", "%", "]:", "0x", "ffff:", "0", "255", "256", "65536", " " }.Select(Encoding.Latin1.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        CheckAddress(text);
        CheckPrefix(text);
        CheckEndpoint(text);
    }

    private static void CheckAddress(string text)
    {
        bool isAddress = IpAddress.TryParse(text, out IpAddress address);
        byte[]? expected = NaiveAddress.Parse(text);
        Check.That(isAddress == expected is not null);
        if (expected is null)
        {
            Check.That(address.IsNone);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        Check.Same(bytes[..address.WriteBytes(bytes)], expected);
        Check.That(IpAddress.FromBytes(expected) == address);
        Check.That(IpAddress.TryParse(address.ToString(), out IpAddress again) && again == address, "an address as text is that address");
    }

    private static void CheckPrefix(string text)
    {
        if (!IpPrefix.TryParse(text, out IpPrefix prefix))
        {
            return;
        }

        string address = text.Split('/')[0];
        byte[]? expected = NaiveAddress.Parse(address);
        Check.That(expected is not null, "what is in front of the slash is an address");
        for (int bit = prefix.Length; bit < expected.Length * 8; bit++)
        {
            expected[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        Check.That(IpAddress.FromBytes(expected) == prefix.Address, "host bits are cleared");
        Check.That(prefix.Contains(prefix.Address));
        Check.That(IpPrefix.TryParse(prefix.ToString(), out IpPrefix again) && again == prefix, "a prefix as text is that prefix");
    }

    private static void CheckEndpoint(string text)
    {
        if (!IpEndpoint.TryParse(text, out IpEndpoint endpoint))
        {
            return;
        }

        Check.That(!endpoint.IsNone);
        Check.That(endpoint.ScopeId == 0 || endpoint.Address.IsV6);
        Check.That(IpEndpoint.TryParse(endpoint.ToString(), out IpEndpoint again) && again == endpoint, "an endpoint as text is that endpoint");
    }
}
