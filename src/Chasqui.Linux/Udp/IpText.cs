using System.Buffers.Binary;
using System.Net;

namespace Chasqui.Linux.Udp;

/// <summary>The two halves of an address in the framework's form, which can print it.</summary>
internal static class IpText
{
    internal static IPAddress ToIPAddress(ulong high, ulong low, bool isV6, uint scopeId)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return isV6 ? new IPAddress(bytes, scopeId) : new IPAddress(bytes[..4]);
    }
}
