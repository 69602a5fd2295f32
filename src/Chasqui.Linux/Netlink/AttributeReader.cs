using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>Walks the attributes behind the fixed part of a message. Pure; ends at the first length that cannot be.</summary>
/// <remarks>Shape: rtattr, value, padding to 4 bytes; again. Source: rtnetlink(7).</remarks>
internal ref struct AttributeReader(ReadOnlySpan<byte> attributes)
{
    private ReadOnlySpan<byte> _rest = attributes;

    internal bool Next(out int type, out ReadOnlySpan<byte> value)
    {
        int headerBytes = Unsafe.SizeOf<Libc.rtattr>();
        type = 0;
        value = default;
        if (!MemoryMarshal.TryRead(_rest, out Libc.rtattr header) || header.rta_len < headerBytes || header.rta_len > _rest.Length)
            return false;

        type = header.rta_type & Libc.NLA_TYPE_MASK;
        value = _rest[headerBytes..header.rta_len];
        _rest = _rest[Math.Min(NetlinkReader.Align(header.rta_len), _rest.Length)..];
        return true;
    }
}
