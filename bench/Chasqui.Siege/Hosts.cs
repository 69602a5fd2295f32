using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Chasqui.Compare;

namespace Chasqui.Siege;

/// <summary>Sockets of this process that live on a host of the lab.</summary>
internal static class Hosts
{
    /// <summary>Does something on a thread that has entered the host's network namespace; sockets made there stay in it.</summary>
    public static T On<T>(End end, Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(end);
                result = action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>A UDP socket bound to an address of the host.</summary>
    public static Socket Udp(End end, IPEndPoint local) => On(end, () =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(local);
        return socket;
    });

    /// <summary>A TCP socket, not yet bound or connected.</summary>
    public static Socket Tcp(End end) => On(end, static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    private static void Enter(End end)
    {
        using var file = File.OpenHandle($"/run/netns/{Lab.Namespace(end)}");
        if (Interop.Libc.setns(file, Interop.Libc.CLONE_NEWNET) != 0) throw new LabException($"setns: errno {Marshal.GetLastPInvokeError()}");
    }
}
