using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Chasqui.Core.Wire;

/// <summary>An IPv4 or IPv6 address as a value, so that the packet path never allocates one.</summary>
/// <remarks>Shape: 128 bits, most significant first; IPv4 in the first 32 bits of <see cref="High"/>. The default value is "none".</remarks>
public readonly record struct IpAddress
{
    private readonly byte _bits;

    private IpAddress(ulong high, ulong low, byte bits)
    {
        High = high;
        Low = low;
        _bits = bits;
    }

    /// <summary>The first 64 bits in network order; IPv4 has its 32 bits at the top.</summary>
    public ulong High { get; }

    /// <summary>The last 64 bits in network order; zero for IPv4.</summary>
    public ulong Low { get; }

    /// <summary>Width in bits: 32, 128, or 0 for no address.</summary>
    public int Bits => _bits;

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsV4 => _bits == 32;

    /// <summary>Whether this is an IPv6 address.</summary>
    public bool IsV6 => _bits == 128;

    /// <summary>Whether this is no address at all.</summary>
    public bool IsNone => _bits == 0;

    /// <summary>Length in bytes: 4, 16, or 0.</summary>
    public int LengthBytes => _bits / 8;

    /// <summary>An address from 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">The length is neither.</exception>
    public static IpAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => V4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => V6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException("An IP address has 4 or 16 bytes.", nameof(bytes)),
    };

    /// <summary>An IPv4 address from its value, most significant byte first.</summary>
    public static IpAddress V4(uint value) => new((ulong)value << 32, 0, 32);

    /// <summary>An IPv6 address from its two halves.</summary>
    public static IpAddress V6(ulong high, ulong low) => new(high, low, 128);

    /// <summary>Reads dotted IPv4 or RFC 4291 IPv6 text, without a scope.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        bool isV4 = !text.Contains(':');
        ReadOnlySpan<char> last = text[(text.LastIndexOf(':') + 1)..];
        if (text.Contains('%') || text.Contains('[') || !IPAddress.TryParse(text, out IPAddress? parsed)
            || ((isV4 || last.Contains('.')) && !IsDottedQuad(last)))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ = parsed.TryWriteBytes(bytes, out int written);
        address = FromBytes(bytes[..written]);
        return true;
    }

    /// <summary>Writes the address in network order.</summary>
    /// <returns>The length written: 4 or 16 bytes (0 for no address).</returns>
    public int WriteBytes(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(High >> 32));
        }
        else if (IsV6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination, High);
            BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        }

        return LengthBytes;
    }

    /// <summary>The address with every bit after the first <paramref name="length"/> cleared.</summary>
    public IpAddress Mask(int length)
    {
        ulong high = High & (length >= 64 ? ulong.MaxValue : length == 0 ? 0 : ulong.MaxValue << (64 - length));
        ulong low = Low & (length >= 128 ? ulong.MaxValue : length <= 64 ? 0 : ulong.MaxValue << (128 - length));
        return new(high, low, _bits);
    }

    /// <summary>The framework's form of the address.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteBytes(bytes)]);
    }

    /// <summary>The address as inet_ntop(3) and so every stock tool writes it; empty for no address.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[AddressText.MaxLength];
        return Encoding.ASCII.GetString(text[..WriteText(text)]);
    }

    /// <summary>Writes the text of <see cref="ToString"/>.</summary>
    /// <param name="destination">At least 45 bytes long.</param>
    /// <returns>The length written; 0 for no address.</returns>
    public int WriteText(Span<byte> destination) => AddressText.Write(this, destination);

    /// <summary>The framework reads "1", "0x7f.1" and octal parts too; inet_pton(3) and stock tools do not.</summary>
    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        int parts = 1, digits = 0;
        char first = '\0';
        foreach (char c in text)
        {
            if (c == '.')
            {
                parts++;
                digits = 0;
            }
            else if (!char.IsAsciiDigit(c) || (digits == 1 && first == '0'))
            {
                return false;
            }
            else
            {
                first = digits == 0 ? c : first;
                digits++;
            }
        }

        return parts == 4;
    }
}
