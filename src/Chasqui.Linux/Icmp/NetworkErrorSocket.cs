using System.Runtime.InteropServices;
using Chasqui.Linux.Interop;

namespace Chasqui.Linux.Icmp;

/// <summary>A socket that hears what the network says of UDP datagrams of this machine that did not arrive.</summary>
/// <remarks>
/// Of all of them: who reads tells his own by port and address. Sockets that are neither connected nor have IP_RECVERR do not hear it, and with IP_RECVERR
/// a forged message would be an error of the next receive. The kernel hands over the wanted types only, and keeps a few messages at most: more
/// are lost. Source: raw(7), icmp(7). Needs CAP_NET_RAW when it is opened, and not afterwards. Never blocks. Threads: one.
/// </remarks>
public sealed unsafe class NetworkErrorSocket : IDisposable
{
    // The least that the kernel gives: two messages or three.
    private const int BufferBytes = 2048;
    private const int MessageBytes = 1280;

    private readonly bool _isV6;
    private readonly byte[] _buffer = new byte[MessageBytes];

    private NetworkErrorSocket(FileDescriptor descriptor, bool isV6)
    {
        Descriptor = descriptor;
        _isV6 = isV6;
    }

    /// <summary>For <see cref="Poller"/>: readable when something was said, which may be of somebody else's datagram.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="isV6">For IPv6.</param>
    /// <exception cref="LinuxException">EPERM: it takes CAP_NET_RAW. EAFNOSUPPORT: the machine has no IPv6.</exception>
    public static NetworkErrorSocket Open(bool isV6)
    {
        FileDescriptor descriptor = IcmpPacket.OpenSocket(isV6);
        try
        {
            int bytes = BufferBytes;
            _ = Libc.setsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &bytes, sizeof(int));
            SetFilter(descriptor, isV6);
            return new NetworkErrorSocket(descriptor, isV6);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Takes over the <see cref="Descriptor"/> of the process that started this one.</summary>
    /// <exception cref="LinuxException">EBADF: there is none; ENOTSOCK: it is something else.</exception>
    public static NetworkErrorSocket FromDescriptor(int fd)
    {
        FileDescriptor descriptor = FileDescriptor.Inherit(fd);
        int domain = 0;
        uint length = sizeof(int);
        try
        {
            LinuxException.Check(Libc.getsockopt(descriptor, Libc.SOL_SOCKET, Libc.SO_DOMAIN, &domain, &length), "getsockopt", "SO_DOMAIN");
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }

        return new NetworkErrorSocket(descriptor, domain == Libc.AF_INET6);
    }

    /// <summary>Reads one message.</summary>
    /// <param name="error">What it says; default if it says nothing of a UDP datagram.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryReceive(out NetworkError error)
    {
        error = default;
        nint received;
        do
        {
            fixed (byte* bytes = _buffer)
                received = Libc.recvfrom(Descriptor, bytes, (nuint)_buffer.Length, Libc.MSG_DONTWAIT, null, (uint*)null);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        if (received < 0)
            return false;

        _ = UnreachableMessage.TryRead(_buffer.AsSpan(0, (int)received), _isV6, out error);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static void SetFilter(FileDescriptor descriptor, bool isV6)
    {
        uint* unwanted = stackalloc uint[Libc.Icmp6FilterWords];
        new Span<uint>(unwanted, Libc.Icmp6FilterWords).Fill(uint.MaxValue);
        if (isV6)
        {
            unwanted[0] &= ~((1u << UnreachableMessage.UnreachableV6) | (1u << UnreachableMessage.TooBigV6));
            _ = LinuxException.Check(Libc.setsockopt(descriptor, Libc.SOL_ICMPV6, Libc.ICMPV6_FILTER, unwanted, Libc.Icmp6FilterWords * sizeof(uint)), "setsockopt", "ICMPV6_FILTER");
        }
        else
        {
            unwanted[0] &= ~(1u << UnreachableMessage.TypeV4);
            _ = LinuxException.Check(Libc.setsockopt(descriptor, Libc.SOL_RAW, Libc.ICMP_FILTER, unwanted, sizeof(uint)), "setsockopt", "ICMP_FILTER");
        }
    }
}
