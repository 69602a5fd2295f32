using System.Runtime.InteropServices;
using System.Text;
using Chasqui.Linux.Interop;
using Chasqui.Linux.Udp;

namespace Chasqui.Linux.Icmp;

/// <summary>A socket for echo requests that leave by one interface and no other.</summary>
/// <remarks>Source: raw(7), icmp(7). Needs CAP_NET_RAW. Never blocks. Threads: one.</remarks>
public sealed unsafe class EchoSocket : IDisposable
{
    /// <summary>The longest payload of a request in bytes: an IPv4 packet of 64 KiB.</summary>
    public const int MaxPayload = 65535 - 20 - EchoMessage.HeaderLength;

    private readonly bool _isV6;
    private readonly ushort _identifier;
    private readonly byte[] _buffer = new byte[65535];

    private EchoSocket(FileDescriptor descriptor, bool isV6, ushort identifier)
    {
        Descriptor = descriptor;
        _isV6 = isV6;
        _identifier = identifier;
    }

    /// <summary>For <see cref="Poller"/>: readable when something came, which may be somebody else's.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="isV6">For IPv6.</param>
    /// <param name="interfaceName">The interface by which requests leave, and by which answers must come.</param>
    /// <param name="identifier">What tells our requests from others'.</param>
    /// <exception cref="LinuxException">EPERM: it takes CAP_NET_RAW. ENODEV: there is no such interface here.</exception>
    public static EchoSocket Open(bool isV6, string interfaceName, ushort identifier)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        FileDescriptor descriptor = IcmpPacket.OpenSocket(isV6);
        try
        {
            byte[] name = Encoding.UTF8.GetBytes(interfaceName);
            fixed (byte* pointer = name)
                _ = LinuxException.Check(Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, pointer, (uint)name.Length), "setsockopt", interfaceName);
            return new EchoSocket(descriptor, isV6, identifier);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>From here on requests are sent whole or not at all, whatever the kernel has learnt of the way.</summary>
    public void ForbidFragments()
    {
        if (_isV6)
        {
            SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, Libc.IPV6_PMTUDISC_PROBE);
            SetOption(Libc.IPPROTO_IPV6, Libc.IPV6_DONTFRAG, 1);
        }
        else
        {
            SetOption(Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.IP_PMTUDISC_PROBE);
        }
    }

    /// <summary>Sends a request.</summary>
    /// <param name="to">Whom; the port does not matter.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="payloadLength">How many bytes it carries; 0 to <see cref="MaxPayload"/>.</param>
    /// <returns>0, or why the kernel refused, positive: EMSGSIZE, ENETDOWN, EHOSTUNREACH.</returns>
    public int Send(in UdpAddress to, ushort sequence, int payloadLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)payloadLength, (uint)MaxPayload, nameof(payloadLength));
        Span<byte> address = stackalloc byte[SockAddr.Capacity];
        uint addressLength = (uint)SockAddr.Write(to.WithPort(0), address);
        Span<byte> message = _buffer.AsSpan(0, EchoMessage.HeaderLength + payloadLength);
        message.Fill((byte)'c');
        EchoMessage.WriteRequest(message, _isV6, _identifier, sequence);
        fixed (byte* bytes = message)
        fixed (byte* name = address)
            return Libc.sendto(Descriptor, bytes, (nuint)message.Length, Libc.MSG_DONTWAIT, name, addressLength) >= 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Reads on until there is an answer to one of our requests.</summary>
    /// <returns>Whether there is one; if not, nothing waits any more.</returns>
    public bool TryReceive(out EchoAnswer answer)
    {
        answer = default;
        Span<byte> address = stackalloc byte[SockAddr.Capacity];
        while (true)
        {
            uint addressLength = SockAddr.Capacity;
            nint received;
            fixed (byte* bytes = _buffer)
            fixed (byte* name = address)
                received = Libc.recvfrom(Descriptor, bytes, (nuint)_buffer.Length, Libc.MSG_DONTWAIT, name, &addressLength);
            if (received < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
                return false;

            UdpAddress from = SockAddr.Read(address[..(int)Math.Min(addressLength, SockAddr.Capacity)]).WithPort(0);
            if (received > 0 && EchoMessage.TryRead(_buffer.AsSpan(0, (int)received), _isV6, _identifier, from, out answer))
                return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private void SetOption(int level, int option, int value) =>
        _ = LinuxException.Check(Libc.setsockopt(Descriptor, level, option, &value, sizeof(int)), "setsockopt");
}
