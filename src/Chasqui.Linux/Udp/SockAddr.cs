using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Udp;

/// <summary>Reads and writes the kernel's sockaddr_in and sockaddr_in6.</summary>
internal static class SockAddr
{
    /// <summary>Room for either form, in bytes.</summary>
    internal const int Capacity = 32;

    internal static UdpAddress Any(UdpFamily family, ushort port) =>
        family == UdpFamily.V4 ? UdpAddress.V4(0, port) : UdpAddress.V6(0, 0, port, 0);

    /// <summary>Writes an address.</summary>
    /// <returns>Its length; 0 for no address.</returns>
    internal static int Write(in UdpAddress address, Span<byte> destination)
    {
        if (address.IsV4)
        {
            MemoryMarshal.Write(destination, new Libc.sockaddr_in
            {
                sin_family = Libc.AF_INET,
                sin_port = Network(address.Port),
                sin_addr = Network((uint)(address.High >> 32)),
            });
            return Unsafe.SizeOf<Libc.sockaddr_in>();
        }

        if (!address.IsV6)
            return 0;

        MemoryMarshal.Write(destination, new Libc.sockaddr_in6
        {
            sin6_family = Libc.AF_INET6,
            sin6_port = Network(address.Port),
            sin6_addr = Network(address.High, address.Low),
            sin6_scope_id = address.ScopeId,
        });
        return Unsafe.SizeOf<Libc.sockaddr_in6>();
    }

    /// <summary>Reads what the kernel wrote; anything else than a whole address of the two families is no address.</summary>
    internal static UdpAddress Read(ReadOnlySpan<byte> bytes)
    {
        if (!MemoryMarshal.TryRead(bytes, out ushort family))
            return default;

        if (family == Libc.AF_INET && MemoryMarshal.TryRead(bytes, out Libc.sockaddr_in v4))
            return UdpAddress.V4(Network(v4.sin_addr), Network(v4.sin_port));

        return family == Libc.AF_INET6 && MemoryMarshal.TryRead(bytes, out Libc.sockaddr_in6 v6)
            ? UdpAddress.V6(Network(v6.sin6_addr.s6_high), Network(v6.sin6_addr.s6_low), Network(v6.sin6_port), v6.sin6_scope_id)
            : default;
    }

    internal static Libc.in6_addr Network(ulong high, ulong low) => new() { s6_high = Network(high), s6_low = Network(low) };

    internal static ushort Network(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    internal static uint Network(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    internal static ulong Network(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
