using System.Buffers.Text;
using System.Diagnostics;

namespace Chasqui.Core.Wire;

/// <summary>Addresses as inet_ntop(3) writes them, the form of all stock tools.</summary>
/// <remarks>
/// Source: RFC 5952, with dotted ends for IPv4-mapped and IPv4-compatible addresses only. The framework writes dotted ends for ISATAP and
/// IPv4-translated addresses too.
/// </remarks>
internal static class AddressText
{
    /// <summary>The longest text: eight groups with a dotted end.</summary>
    internal const int MaxLength = 45;

    private const int Groups = 8;

    /// <summary>Writes an address.</summary>
    /// <returns>The length written.</returns>
    internal static int Write(in IpAddress address, Span<byte> destination)
    {
        if (address.IsNone)
        {
            return 0;
        }

        return address.IsV4 ? WriteDotted((uint)(address.High >> 32), destination) : WriteGroups(address, destination);
    }

    private static int WriteGroups(in IpAddress address, Span<byte> destination)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (int i = 0; i < Groups; i++)
        {
            groups[i] = (ushort)((i < 4 ? address.High : address.Low) >> (48 - (16 * (i % 4))));
        }

        FindLongestZeros(groups, out int start, out int count);
        bool isDotted = start == 0 && (count == 6 || (count == 5 && groups[5] == 0xffff));
        int end = isDotted ? 6 : Groups, length = 0;
        for (int i = 0; i < end; i++)
        {
            if (i == start)
            {
                i += count - 1;
                destination[length++] = (byte)':';
                continue;
            }

            length += WriteSeparator(i, destination[length..]);
            length += WriteGroup(groups[i], destination[length..]);
        }

        if (isDotted || start + count == Groups)
        {
            destination[length++] = (byte)':';
        }

        return isDotted ? length + WriteDotted((uint)address.Low, destination[length..]) : length;
    }

    private static int WriteSeparator(int group, Span<byte> destination)
    {
        destination[0] = (byte)':';
        return group == 0 ? 0 : 1;
    }

    /// <summary>Finds the first of the longest runs of two or more zero groups; starts at -1 if there is none.</summary>
    private static void FindLongestZeros(ReadOnlySpan<ushort> groups, out int start, out int count)
    {
        start = -1;
        count = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            int run = groups[i..].IndexOfAnyExcept((ushort)0);
            run = run < 0 ? groups.Length - i : run;
            if (run >= 2 && run > count)
            {
                start = i;
                count = run;
            }

            i += run;
        }
    }

    private static int WriteGroup(ushort group, Span<byte> destination)
    {
        bool isWritten = Utf8Formatter.TryFormat(group, destination, out int length, 'x');
        Debug.Assert(isWritten);
        return length;
    }

    private static int WriteDotted(uint value, Span<byte> destination)
    {
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            bool isWritten = Utf8Formatter.TryFormat((byte)(value >> shift), destination[length..], out int digits);
            Debug.Assert(isWritten);
            length += digits;
            if (shift > 0)
            {
                destination[length++] = (byte)'.';
            }
        }

        return length;
    }
}
