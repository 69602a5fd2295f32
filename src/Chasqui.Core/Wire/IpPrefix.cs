using System.Globalization;

namespace Chasqui.Core.Wire;

/// <summary>A CIDR prefix: an address with its host bits cleared, and a length.</summary>
public readonly record struct IpPrefix
{
    /// <summary>Makes a prefix; bits of <paramref name="address"/> past <paramref name="length"/> are cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or longer than the address.</exception>
    public IpPrefix(IpAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, address.Bits);
        Address = address.Mask(length);
        Length = (byte)length;
    }

    /// <summary>The network address.</summary>
    public IpAddress Address { get; }

    /// <summary>Bits that count: 0 to 32 or 0 to 128.</summary>
    public byte Length { get; }

    /// <summary>Whether <paramref name="address"/> lies in the prefix.</summary>
    public bool Contains(IpAddress address) => address.Bits == Address.Bits && address.Mask(Length) == Address;

    /// <summary>Reads <c>address/length</c>, or an address alone as /32 or /128. Host bits are cleared.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out IpAddress address))
        {
            return false;
        }

        int length = address.Bits;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > address.Bits))
        {
            return false;
        }

        prefix = new IpPrefix(address, length);
        return true;
    }

    /// <summary><c>address/length</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}
