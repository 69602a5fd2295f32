using System.Net;
using System.Net.Sockets;

namespace Chasqui.HostileNetwork;

/// <summary>A translator with a bad line between a client and a server: what either sends passes through here, if it does.</summary>
/// <remarks>
/// The client's peer is the middlebox's inside address; the server sees whatever outside socket is in use, and answers to it. Both sockets
/// are the caller's to open, in whatever network namespaces he likes. One thread for each direction; what happens to the datagrams of a
/// direction follows from the seed. Threads: any may call any member.
/// </remarks>
internal sealed class Middlebox : IDisposable
{
    private const int IdleMilliseconds = 50;
    private const int RingLength = 8192;
    private const int SocketBuffer = 4 << 20;
    private const int SeedStep = 7919; // the two directions draw different numbers

    private readonly Lock _outsideGate = new();
    private readonly Socket _inside;
    private readonly Func<Socket> _openOutside;
    private readonly SocketAddress _server;
    private readonly Passage _toServer, _toClient;
    private readonly Thread[] _threads;
    private readonly byte[] _toServerBuffer = new byte[ushort.MaxValue], _toClientBuffer = new byte[ushort.MaxValue];
    private readonly SocketAddress _heardFrom = new(AddressFamily.InterNetwork), _answeredFrom = new(AddressFamily.InterNetwork);
    private Socket _outside;
    private volatile Socket? _nextOutside;
    private volatile SocketAddress? _client;
    private volatile Weather _weather;
    private volatile bool _isEnding;
    private long _replayed, _replayedBytes;

    /// <summary>Begins to pass datagrams on.</summary>
    /// <param name="inside">A bound IPv4 socket, to which the client sends; owned from now on.</param>
    /// <param name="openOutside">Opens a bound IPv4 socket from which the server is reached; called again for every new mapping.</param>
    /// <param name="server">Where the server listens.</param>
    /// <param name="weather">What happens to datagrams until <see cref="Weather"/> is set.</param>
    /// <param name="seed">Of all that is random.</param>
    public Middlebox(Socket inside, Func<Socket> openOutside, IPEndPoint server, Weather weather, int seed)
    {
        _inside = inside;
        _inside.ReceiveBufferSize = SocketBuffer;
        _openOutside = openOutside;
        _server = server.Serialize();
        _weather = weather;
        _outside = Open();
        _toServer = new Passage(seed, RingLength, SendToServer);
        _toClient = new Passage(seed + SeedStep, RingLength, SendToClient);
        _threads = [new Thread(RunToServer) { IsBackground = true }, new Thread(RunToClient) { IsBackground = true }];
        foreach (Thread thread in _threads) thread.Start();
    }

    /// <summary>What happens to datagrams from now on.</summary>
    public Weather Weather
    {
        get => _weather;
        set => _weather = value;
    }

    /// <summary>What the way from the client to the server has done.</summary>
    public PassageCounts ToServer => _toServer.Counts;

    /// <summary>What the way from the server to the client has done.</summary>
    public PassageCounts ToClient => _toClient.Counts;

    /// <summary>How often the server has been given another address for the client.</summary>
    public int Rebinds { get; private set; }

    /// <summary>Datagrams that <see cref="ReplayToServer"/> has sent, which <see cref="ToServer"/> leaves out.</summary>
    public long Replayed => Interlocked.Read(ref _replayed);

    /// <summary>Bytes of these.</summary>
    public long ReplayedBytes => Interlocked.Read(ref _replayedBytes);

    /// <summary>Where the server sees the client now.</summary>
    public IPEndPoint Mapping
    {
        get { lock (_outsideGate) return (IPEndPoint)_outside.LocalEndPoint!; }
    }

    /// <summary>Gives the client another address for the server, as a translator does that forgot its mapping; the old one is dead.</summary>
    public void Rebind()
    {
        _nextOutside = Open();
        SpinWait.SpinUntil(() => _nextOutside is null || _isEnding, TimeSpan.FromSeconds(5));
        Rebinds++;
    }

    /// <summary>Sends everything that is still known of what the client has ever sent to the server once more.</summary>
    /// <param name="from">The socket that sends; null for the present mapping.</param>
    /// <returns>How many datagrams it was.</returns>
    public int ReplayToServer(Socket? from)
    {
        byte[] datagram = new byte[ushort.MaxValue];
        int count = _toServer.Seen.Count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> old = datagram.AsSpan(0, _toServer.Seen.Copy(i, datagram));
            if (!(from is null ? SendToServer(old) : Send(from, old, _server))) continue;
            Interlocked.Increment(ref _replayed);
            Interlocked.Add(ref _replayedBytes, old.Length);
        }

        return count;
    }

    /// <summary>As <see cref="ReplayToServer"/>, for what the server has sent; from the address that the client knows.</summary>
    public int ReplayToClient()
    {
        byte[] datagram = new byte[ushort.MaxValue];
        int count = _toClient.Seen.Count;
        for (int i = 0; i < count; i++) SendToClient(datagram.AsSpan(0, _toClient.Seen.Copy(i, datagram)));
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isEnding) return;
        _isEnding = true;
        foreach (Thread thread in _threads) thread.Join();
        _inside.Dispose();
        _outside.Dispose();
        _nextOutside?.Dispose();
    }

    private Socket Open()
    {
        Socket socket = _openOutside();
        socket.ReceiveBufferSize = SocketBuffer;
        return socket;
    }

    private void RunToServer()
    {
        while (!_isEnding)
        {
            if (!Poll(_inside, _toServer)) continue;
            int length = Receive(_inside, _toServerBuffer, _heardFrom);
            if (length < 0) continue;
            if (_client is null || !_client.Equals(_heardFrom)) _client = Copy(_heardFrom);
            _toServer.Take(_toServerBuffer.AsSpan(0, length), _weather);
        }
    }

    private void RunToClient()
    {
        while (!_isEnding)
        {
            ChangeOutside();
            if (!Poll(_outside, _toClient)) continue;
            int length = Receive(_outside, _toClientBuffer, _answeredFrom);

            // A translator lets in what comes from where it has sent to.
            if (length >= 0 && _answeredFrom.Equals(_server)) _toClient.Take(_toClientBuffer.AsSpan(0, length), _weather);
        }
    }

    private static bool Poll(Socket socket, Passage passage) =>
        socket.Poll(TimeSpan.FromMilliseconds(passage.SendDue(IdleMilliseconds)), SelectMode.SelectRead);

    /// <returns>The datagram's length; -1 for an error, which is about an earlier one.</returns>
    private static int Receive(Socket socket, byte[] buffer, SocketAddress from)
    {
        try
        {
            return socket.ReceiveFrom(buffer, SocketFlags.None, from);
        }
        catch (SocketException)
        {
            return -1;
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        var copy = new SocketAddress(AddressFamily.InterNetwork, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }

    /// <summary>Only the thread that reads the socket closes it.</summary>
    private void ChangeOutside()
    {
        if (_nextOutside is not { } next) return;
        Socket old;
        lock (_outsideGate) (old, _outside) = (_outside, next);
        old.Dispose();
        _nextOutside = null;
    }

    private bool SendToServer(ReadOnlySpan<byte> datagram)
    {
        lock (_outsideGate) return Send(_outside, datagram, _server);
    }

    private bool SendToClient(ReadOnlySpan<byte> datagram) => _client is { } client && Send(_inside, datagram, client);

    private static bool Send(Socket socket, ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        try
        {
            socket.SendTo(datagram, SocketFlags.None, to);
            return true;
        }
        catch (SocketException)
        {
            return false; // the way is gone for a moment; a lost datagram
        }
    }
}
