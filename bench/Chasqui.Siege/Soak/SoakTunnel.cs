using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Chasqui.Compare;
using Chasqui.Compare.Contenders;
using Chasqui.HostileNetwork;

namespace Chasqui.Siege.Soak;

/// <summary>Two daemons of ours, one of them behind a translator with a bad line, and what may be done to them while they run.</summary>
/// <remarks>Left is the client: its peer is the middlebox, on its own loopback interface. Right learns where left is.</remarks>
internal sealed class SoakTunnel : IDisposable
{
    private const int ServerPort = 51820;
    private const int MetricsPort = 9586;
    private const int Keepalive = 5;

    private static readonly IPEndPoint Translator = new(IPAddress.Loopback, 40000);

    private readonly Lab _lab;
    private readonly WireGuardKeys _keys;
    private readonly RunningProgram[] _daemons = new RunningProgram[2];
    private int _clientPort = ServerPort;
    private string? _presharedKey;

    /// <summary>Starts everything; returns when the first ping has been answered.</summary>
    public SoakTunnel(Lab lab, Weather weather, int seed)
    {
        _lab = lab;
        _keys = WireGuardKeys.Make(lab);
        foreach (End end in (End[])[End.Left, End.Right])
        {
            _daemons[(int)end] = Daemons.Start(lab, end, Daemons.Ours, "run", "-f", "--metrics", $"{MetricsPort}");
            lab.Run(end, "wg", "setconf", Lab.Interface(end), WriteConf(end));
            lab.RunIp(
                end,
                $"address add {Lab.Inner(end)}/24 dev {Lab.Interface(end)}",
                $"link set {Lab.Interface(end)} mtu {Lab.InnerMtu} up");
        }

        var outside = new IPEndPoint(IPAddress.Parse(Lab.Outer(End.Left)), 0);
        var server = new IPEndPoint(IPAddress.Parse(Lab.Outer(End.Right)), ServerPort);
        Box = new Middlebox(Hosts.Udp(End.Left, Translator), () => Hosts.Udp(End.Left, outside), server, weather, seed);
        lab.WaitForPing();
    }

    /// <summary>What is between them.</summary>
    public Middlebox Box { get; }

    /// <summary>A daemon's process number.</summary>
    public int Pid(End end) => _daemons[(int)end].Pid;

    /// <summary>Whether both run.</summary>
    /// <exception cref="LabException">One has ended; with what it said.</exception>
    public void RequireRunning()
    {
        foreach (RunningProgram daemon in _daemons)
        {
            if (daemon.HasEnded) throw new LabException($"a daemon has ended: {daemon.Said}");
        }
    }

    /// <summary>Drops an end's session and all that it knows of its peer, and gives the peer to it again.</summary>
    public void AddPeerAnew(End end)
    {
        RemovePeer(end);
        AddPeer(end);
    }

    /// <summary>Takes an end's peer away.</summary>
    public void RemovePeer(End end) => Wg("set", Lab.Interface(end), "peer", _keys.Public(Lab.Other(end)), "remove");

    /// <summary>Gives an end its peer.</summary>
    public void AddPeer(End end) => Wg("addconf", Lab.Interface(end), _lab.Write($"peer-{end}.conf", Peer(end)));

    /// <summary>Pings the client until it answers.</summary>
    public void WaitForPing() => _lab.WaitForPing();

    /// <summary>Takes the client's link down and up: sockets are closed and opened, sessions dropped.</summary>
    public void BounceLink()
    {
        _lab.RunIp(End.Left, $"link set {Lab.Interface(End.Left)} down");
        Thread.Sleep(500);
        _lab.RunIp(End.Left, $"link set {Lab.Interface(End.Left)} up");
    }

    /// <summary>Lets the client listen on another port; the session stays.</summary>
    public void ChangePort()
    {
        _clientPort = _clientPort == ServerPort ? ServerPort + 1 : ServerPort;
        Wg("set", Lab.Interface(End.Left), "listen-port", _clientPort.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Gives both ends another preshared key, for the next handshake.</summary>
    public void ChangePresharedKey()
    {
        _presharedKey = _lab.Run(End.Left, "wg", "genpsk").Trim();
        string file = _lab.Write("preshared", _presharedKey);
        foreach (End end in (End[])[End.Left, End.Right])
        {
            Wg("set", Lab.Interface(end), "peer", _keys.Public(Lab.Other(end)), "preshared-key", file);
        }
    }

    /// <summary>Gives both ends the configuration that they have: nothing may change.</summary>
    public void Reload()
    {
        foreach (End end in (End[])[End.Left, End.Right]) Wg("syncconf", Lab.Interface(end), WriteConf(end));
    }

    /// <summary>Asks both ends all that wg and our own control socket tell.</summary>
    public void Ask()
    {
        foreach (End end in (End[])[End.Left, End.Right])
        {
            Wg("show", Lab.Interface(end), "dump");
            _lab.Run(end, Daemons.Ours, "metrics", Lab.Interface(end));
        }
    }

    /// <summary>Asks our own control socket of an end for its status, many times over one connection.</summary>
    public static void AskOften(End end, int times)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint($"/var/run/chasqui/{Lab.Interface(end)}.sock"));
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        for (int i = 0; i < times; i++)
        {
            socket.Send("{\"verb\":\"status\"}\n"u8);
            _ = reader.ReadLine(); // the device
            _ = reader.ReadLine(); // its only peer
        }
    }

    /// <summary>Sends all that the translator remembers once more: from the present address, from a strange one, and back to the client.</summary>
    public void ReplayAll()
    {
        using Socket stranger = Hosts.Udp(End.Left, new IPEndPoint(IPAddress.Parse(Lab.Outer(End.Left)), 0));
        Box.ReplayToServer(stranger);
        Box.ReplayToServer(null);
        Box.ReplayToClient();
    }

    /// <summary>What the daemon serves to Prometheus: the sum of each metric over its labels.</summary>
    public static Dictionary<string, double> Metrics(End end)
    {
        using Socket socket = Hosts.Tcp(end);
        socket.ReceiveTimeout = socket.SendTimeout = 10_000;
        socket.Connect(IPAddress.Loopback, MetricsPort);
        socket.Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        return MetricLines.Sum(reader.ReadToEnd());
    }

    /// <inheritdoc/>
    public void Dispose() => Box.Dispose();

    private static void Wg(params IEnumerable<string> words)
    {
        using var running = RunningProgram.Start("wg", words);
        running.WaitForOutput(TimeSpan.FromSeconds(30));
    }

    private string WriteConf(End end)
    {
        int port = end == End.Left ? _clientPort : ServerPort;
        return _lab.Write($"whole-{end}.conf", $"[Interface]\nPrivateKey = {_keys.Secret(end)}\nListenPort = {port}\n{Peer(end)}");
    }

    private string Peer(End end)
    {
        End other = Lab.Other(end);
        string way = end == End.Left ? $"Endpoint = {Translator}\nPersistentKeepalive = {Keepalive}\n" : "";
        string preshared = _presharedKey is null ? "" : $"PresharedKey = {_presharedKey}\n";
        return $"[Peer]\nPublicKey = {_keys.Public(other)}\nAllowedIPs = {Lab.Inner(other)}/32\n{way}{preshared}";
    }
}
