using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>Walks the messages of one netlink datagram. Pure; ends at the first length that cannot be.</summary>
/// <remarks>Shape: nlmsghdr, body, padding to 4 bytes; again. Source: netlink(7).</remarks>
internal ref struct NetlinkReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    internal bool Next(out Libc.nlmsghdr header, out ReadOnlySpan<byte> body)
    {
        int headerBytes = Unsafe.SizeOf<Libc.nlmsghdr>();
        body = default;
        if (!MemoryMarshal.TryRead(_rest, out header) || header.nlmsg_len < (uint)headerBytes || header.nlmsg_len > (uint)_rest.Length)
            return false;

        int length = (int)header.nlmsg_len;
        body = _rest[headerBytes..length];
        _rest = _rest[Math.Min(Align(length), _rest.Length)..];
        return true;
    }

    internal static int Align(int length) => (length + 3) & ~3;
}
