using Chasqui.Core.Wire;
using Chasqui.Linux.Udp;

namespace Chasqui.Device;

/// <summary>An IPv4 and, where the machine has it, an IPv6 socket on the same port, and the threads that read them.</summary>
internal sealed class SocketPair(UdpSocket v4, UdpSocket? v6) : IDisposable
{
    private InboundLoop? _v4Loop;
    private InboundLoop? _v6Loop;

    /// <summary>The IPv4 socket.</summary>
    internal UdpSocket V4 => v4;

    /// <summary>The socket for an address, or null.</summary>
    internal UdpSocket? For(IpAddress address) => address.IsV4 ? v4 : address.IsV6 ? v6 : null;

    /// <summary>Starts reading.</summary>
    internal void Start(DeviceContext context)
    {
        _v4Loop = new InboundLoop(context, v4, "udp4");
        _v6Loop = v6 is null ? null : new InboundLoop(context, v6, "udp6");
    }

    /// <summary>Changes the mark on both.</summary>
    internal void SetMark(uint mark)
    {
        v4.SetMark(mark);
        v6?.SetMark(mark);
    }

    /// <summary>Ends the threads and closes the sockets.</summary>
    public void Dispose()
    {
        _v4Loop?.Dispose();
        _v6Loop?.Dispose();
        v4.Dispose();
        v6?.Dispose();
    }
}
