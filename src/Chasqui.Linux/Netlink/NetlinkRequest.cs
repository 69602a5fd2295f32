using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Netlink;

/// <summary>Writes one request into the caller's bytes: header, fixed part, attributes.</summary>
internal ref struct NetlinkRequest
{
    private readonly Span<byte> _bytes;
    private int _used;

    private NetlinkRequest(Span<byte> bytes, int used)
    {
        _bytes = bytes;
        _used = used;
    }

    /// <summary>Begins a request that is to be acknowledged.</summary>
    internal static NetlinkRequest Begin<T>(Span<byte> bytes, ushort type, ushort flags, scoped in T fixedPart)
        where T : unmanaged
    {
        int headerBytes = Unsafe.SizeOf<Libc.nlmsghdr>();
        Libc.nlmsghdr header = new() { nlmsg_type = type, nlmsg_flags = (ushort)(Libc.NLM_F_REQUEST | Libc.NLM_F_ACK | flags) };
        MemoryMarshal.Write(bytes, header);
        MemoryMarshal.Write(bytes[headerBytes..], fixedPart);
        return new NetlinkRequest(bytes, NetlinkReader.Align(headerBytes + Unsafe.SizeOf<T>()));
    }

    internal void Add(ushort type, scoped ReadOnlySpan<byte> value)
    {
        int headerBytes = Unsafe.SizeOf<Libc.rtattr>();
        Libc.rtattr header = new() { rta_len = (ushort)(headerBytes + value.Length), rta_type = type };
        Span<byte> place = _bytes.Slice(_used, NetlinkReader.Align(header.rta_len));
        place.Clear();
        MemoryMarshal.Write(place, header);
        value.CopyTo(place[headerBytes..]);
        _used += place.Length;
    }

    internal void Add(ushort type, uint value) => Add(type, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)));

    /// <summary>Writes the length and the sequence number.</summary>
    /// <returns>The finished request.</returns>
    internal readonly Span<byte> End(uint sequence)
    {
        ref Libc.nlmsghdr header = ref MemoryMarshal.AsRef<Libc.nlmsghdr>(_bytes);
        header.nlmsg_len = (uint)_used;
        header.nlmsg_seq = sequence;
        return _bytes[.._used];
    }
}
