using System.Net.Sockets;

namespace Chasqui.Compare.Inside;

/// <summary>Accepts connections, reads a byte, answers with a byte, closes.</summary>
/// <remarks>
/// The server closes first, so that the two minutes' memory of the old connection (TIME_WAIT) is here, where it takes no port from
/// anybody: the client never runs out of ports. Blocking calls and a thread for each connection that can be open: the threads of an event
/// loop would be measured with the tunnel.
/// </remarks>
internal static class ConnectionServer
{
    /// <summary>What the server says when connections are accepted.</summary>
    public const string Ready = "listening";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Serves until it is ended, at most some seconds longer than the client's clock runs.</summary>
    public static int Run(ConnectionWork work)
    {
        using Socket listener = Start(work);
        Console.WriteLine(Ready);
        Thread.Sleep(TimeSpan.FromSeconds(work.Seconds) + Grace);
        return 0;
    }

    /// <summary>Listens, and serves on threads of its own until the process ends.</summary>
    public static Socket Start(ConnectionWork work)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(work.Server);
        listener.Listen(backlog: 4096);
        for (int i = 0; i < work.Workers; i++)
        {
            new Thread(() => Serve(listener), maxStackSize: 256 * 1024) { IsBackground = true }.Start();
        }

        return listener;
    }

    private static void Serve(Socket listener)
    {
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            try
            {
                using Socket connection = listener.Accept();
                if (connection.Receive(one) == 1) connection.Send(one);
            }
            catch (SocketException)
            {
                // The client counts what went wrong.
            }
            catch (ObjectDisposedException)
            {
                return; // nobody listens any more
            }
        }
    }
}
