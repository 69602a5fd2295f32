using System.Net.Sockets;
using System.Text;

namespace Chasqui.System.Tests.Harness;

/// <summary>A control socket that answers what it was told to and remembers what it was asked: states that no real daemon can be brought to.</summary>
internal sealed class CannedDaemon : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock _gate = new();
    private readonly List<string> _requests = [];
    private readonly List<string> _refused = [];
    private readonly Thread _thread;

    /// <summary>Serves a socket.</summary>
    /// <param name="path">The socket's file.</param>
    /// <param name="answerToGet">The whole answer to <c>get=1</c>, as it is; the connection is closed after it.</param>
    /// <param name="answerToSet">The whole answer to <c>set=1</c>.</param>
    public CannedDaemon(string path, string answerToGet, string answerToSet = "errno=0\n\n")
    {
        AnswerToGet = answerToGet;
        AnswerToSet = answerToSet;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public string AnswerToGet { get; set; }

    public string AnswerToSet { get; set; }

    /// <summary>The operations since the last call, each as it came.</summary>
    public string[] TakeRequests()
    {
        lock (_gate)
        {
            var requests = _requests.ToArray();
            _requests.Clear();
            return requests;
        }
    }

    /// <summary>The operations with names of endpoints since the last call: refused, as by every daemon but ours.</summary>
    public string[] TakeRefused()
    {
        lock (_gate)
        {
            var refused = _refused.ToArray();
            _refused.Clear();
            return refused;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
    }

    private void Serve()
    {
        while (Accept() is { } client)
        {
            using (client)
            {
                try
                {
                    Serve(client);
                }
                catch (SocketException)
                {
                    // The tool has gone before it had its answer.
                }
            }
        }
    }

    /// <returns>The next client, or <see langword="null"/> at the end.</returns>
    private Socket? Accept()
    {
        try
        {
            return _listener.Accept();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private void Serve(Socket client)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        for (int read; (read = client.Receive(buffer)) > 0;)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (text.Length > 1 && text[^1] == '\n' && text[^2] == '\n')
            {
                Answer(client, text.ToString());
                return;
            }
        }
    }

    private void Answer(Socket client, string request)
    {
        var isForOurs = request.Contains("\nendpoint_name=", StringComparison.Ordinal);
        lock (_gate)
        {
            (isForOurs ? _refused : _requests).Add(request);
        }

        var answer = request.StartsWith("get", StringComparison.Ordinal) ? AnswerToGet : isForOurs ? "errno=-22\n\n" : AnswerToSet;
        for (ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(answer); !rest.IsEmpty;)
        {
            rest = rest[client.Send(rest)..];
        }
    }
}
