using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests;

/// <summary>A supervisor opens the TUN and the UAPI socket and hands their descriptors to the daemon.</summary>
public sealed class HandedDescriptorTests : SystemTest
{
    [Theory]
    [MemberData(nameof(Daemons))]
    public void TakesATunDescriptor(Implementation implementation)
    {
        Programs.Require(implementation);
        var host = NewNamespace();
        var name = Daemon.NewInterfaceName();
        Daemon daemon;
        using (var tun = TunDescriptor.Open(host, name))
        {
            daemon = Own(Daemon.Start(implementation, host, name, new Dictionary<string, string> { ["WG_TUN_FD"] = $"{tun.Number}" }));
        }

        AssertServes(daemon);
        host.Ip($"link del {name}");
        daemon.WaitForExit();
    }

    [Theory]
    [MemberData(nameof(Daemons))]
    public void TakesAUapiDescriptor(Implementation implementation)
    {
        Programs.Require(implementation);
        var host = NewNamespace();
        var name = Daemon.NewInterfaceName();
        Directory.CreateDirectory(Daemon.SocketFolder);
        var listener = Own(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        listener.Bind(new UnixDomainSocketEndPoint(Daemon.SocketPathOf(name)));
        listener.Listen(8);
        var number = (int)listener.Handle;

        Libc.Fcntl(number, Libc.SetDescriptorFlags, 0);
        var daemon = Own(Daemon.Start(implementation, host, name, new Dictionary<string, string> { ["WG_UAPI_FD"] = $"{number}" }));
        Libc.Fcntl(number, Libc.SetDescriptorFlags, 1);

        AssertServes(daemon);
        File.Delete(daemon.SocketPath);
        daemon.WaitForExit();
    }

    private static void AssertServes(Daemon daemon)
    {
        new Wg(daemon.Interface).Set("listen-port 4570");
        daemon.Birth.Ip($"link set {daemon.Interface} up");
        Poll.Until(() => daemon.Birth.UdpPorts().Contains(4570), $"the port is not open\n{daemon.Log}");
    }
}
