using System.Globalization;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>An address of an interface, with the length of its network.</summary>
/// <param name="Address">The address with all its bits.</param>
/// <param name="Length">Bits of the network: 0 to 32 or 0 to 128.</param>
public readonly record struct QuickAddress(IpAddress Address, byte Length)
{
    /// <summary>The network.</summary>
    public IpPrefix Prefix => new(Address, Length);

    /// <summary>Reads <c>address/length</c>, or an address alone as /32 or /128.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out QuickAddress address)
    {
        address = default;
        int slash = text.IndexOf('/');
        if (!InetText.TryParse(slash < 0 ? text : text[..slash], out IpAddress host))
        {
            return false;
        }

        byte length = (byte)host.Bits;
        if (slash >= 0
            && (!byte.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > host.Bits))
        {
            return false;
        }

        address = new QuickAddress(host, length);
        return true;
    }

    /// <summary><c>address/length</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
