using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>An open TUN interface whose descriptor children inherit: what a supervisor hands over in <c>WG_TUN_FD</c>.</summary>
internal sealed class TunDescriptor : IDisposable
{
    // linux/if.h, linux/if_tun.h
    private const int InterfaceRequestBytes = 40;
    private const int NameBytes = 16;
    private const short TunWithoutPacketInfo = 0x1001;

    private TunDescriptor(int number) => Number = number;

    public int Number { get; }

    public static TunDescriptor Open(NetworkNamespace network, string interfaceName) => network.Inside(() =>
    {
        var tun = new TunDescriptor(Libc.Open("/dev/net/tun", Libc.ReadWrite));
        var request = new byte[InterfaceRequestBytes];
        Encoding.ASCII.GetBytes(interfaceName, request);
        BinaryPrimitives.WriteInt16LittleEndian(request.AsSpan(NameBytes), TunWithoutPacketInfo);
        if (Libc.Ioctl(tun.Number, Libc.TunSetIff, request) != 0)
        {
            tun.Dispose();
            throw new IOException($"TUNSETIFF {interfaceName}: errno {Marshal.GetLastPInvokeError()}");
        }

        return tun;
    });

    public void Dispose() => Libc.Close(Number);
}
