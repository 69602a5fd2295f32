using System.Net.Sockets;
using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>A bare client of the UAPI socket: it can also be rude.</summary>
internal sealed class UapiClient : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _buffer = new byte[65536];
    private string _pending = "";

    private UapiClient()
    {
    }

    public static UapiClient Connect(string interfaceName)
    {
        var client = new UapiClient();
        client._socket.Connect(new UnixDomainSocketEndPoint(Daemon.SocketPathOf(interfaceName)));
        client._socket.SendTimeout = (int)AnswerTimeout.TotalMilliseconds;
        return client;
    }

    /// <summary>One operation on a connection of its own.</summary>
    public static UapiReply Get(string interfaceName)
    {
        using var client = Connect(interfaceName);
        return client.Exchange("get=1\n\n");
    }

    public static UapiReply Set(string interfaceName, params string[] lines)
    {
        using var client = Connect(interfaceName);
        return client.Exchange($"set=1\n{string.Join('\n', lines)}\n\n");
    }

    public UapiReply Exchange(string request)
    {
        Send(request);
        return Read() ?? throw new IOException($"the daemon closed the connection after {request}");
    }

    public void Send(string text)
    {
        for (ReadOnlySpan<byte> rest = Encoding.ASCII.GetBytes(text); !rest.IsEmpty;)
        {
            rest = rest[_socket.Send(rest)..];
        }
    }

    /// <summary>Sends what the daemon takes at once.</summary>
    /// <returns><see langword="false"/> when it has closed the connection or takes nothing for a second.</returns>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket.SendTimeout = 1000;
            return _socket.Send(bytes) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next whole answer, or <see langword="null"/> if the daemon closes first; too slow an answer fails the test.</summary>
    public UapiReply? Read() => Read(AnswerTimeout);

    public UapiReply? Read(TimeSpan timeout)
    {
        _socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;
        var text = new StringBuilder(_pending);
        while (!Complete(text))
        {
            var read = _socket.Receive(_buffer);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.ASCII.GetString(_buffer, 0, read));
        }

        var whole = text.ToString();
        var end = whole.IndexOf("\n\n", StringComparison.Ordinal);
        _pending = whole[(end + 2)..];
        return UapiReply.Parse(whole[..end]);
    }

    public void Dispose() => _socket.Dispose();

    private static bool Complete(StringBuilder text)
    {
        // An answer ends with the only empty line; looking at the tail is enough unless two answers came at once.
        var tail = text.ToString(Math.Max(0, text.Length - 70000), Math.Min(text.Length, 70000));
        return tail.Contains("\n\n", StringComparison.Ordinal);
    }
}
