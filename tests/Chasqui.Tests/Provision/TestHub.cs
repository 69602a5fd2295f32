using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Keys;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Processes;
using Chasqui.Provision;
using Chasqui.Tests.Device;

namespace Chasqui.Tests.Provision;

/// <summary>A hub's file and the device that runs it, in a namespace of the test's own.</summary>
internal sealed class TestHub : IDisposable
{
    private static int _count;

    private readonly ScratchFolder _folder = new();
    private readonly Sandbox _home = new();
    private readonly TestDevice _device;
    private readonly UnixListener _listener;
    private readonly UapiServer _server;

    internal TestHub(params string[] lines)
    {
        Name = $"chqp{Environment.ProcessId}n{Interlocked.Increment(ref _count)}";
        Path = _folder[Name + ".conf"];
        using (PrivateKey key = PrivateKey.Generate(new Chasqui.Device.SystemEntropy()))
        {
            ConfDocument document = new NewHub
            {
                PrivateKey = key,
                ListenPort = 51820,
                Addresses = ClientValues.ReadAddresses("10.8.0.1/24"),
                Settings = new ClientSettings { Endpoint = "192.0.2.1:51820" },
            }.ToDocument();
            InterfaceFile.Create(Path, ConfDocument.Parse(document + string.Concat(lines.Select(static line => line + "\n"))));
            _device = new TestDevice(_home, _home, Name);
            _device.Device.Apply(new DeviceChange { PrivateKey = key, ListenPort = 51820 });
        }

        _ = Directory.CreateDirectory(UapiServer.SocketDirectory);
        _listener = UnixListener.Bind(UapiServer.PathOf(Name));
        _server = new UapiServer(_listener, _device.Device, _device.Log);
        _home.Ip($"address add 10.8.0.1/24 dev {Name}");
        _home.Ip($"link set {Name} up");
    }

    internal string Name { get; }

    internal string Path { get; }

    internal string Text => File.ReadAllText(Path);

    internal IReadOnlyList<PeerSnapshot> Peers
    {
        get
        {
            using DeviceSnapshot snapshot = _device.Device.Snapshot();
            return snapshot.Peers;
        }
    }

    /// <summary>Everything that a change can change, as one text.</summary>
    internal string State => $"{Text}\n{string.Join('\n', Peers.Select(Describe))}\n{string.Join('\n', Routes)}";

    internal IReadOnlyList<string> Routes => _home.Run<IReadOnlyList<string>>(() =>
    {
        using Rtnetlink rtnetlink = Rtnetlink.Open();
        return [.. rtnetlink.GetRoutes(isV6: false).Where(static route => route.Table == RouteInfo.MainTable).Select(static route => route.ToString())];
    });

    /// <summary>Makes one change, in the device's namespace.</summary>
    internal void Edit(Action<PeerEdit> change) => Edit(change, null);

    /// <summary>The same, told each step before it is done.</summary>
    internal void Edit(Action<PeerEdit> change, Action<string>? beforeStep) => _ = _home.Run(() =>
    {
        using PeerEdit edit = PeerEdit.Open(Path, TextWriter.Null, beforeStep);
        change(edit);
        return 0;
    });

    internal void Apply(DeviceChange change) => _device.Device.Apply(change);

    internal void Ip(string arguments) => _home.Ip(arguments);

    public void Dispose()
    {
        _server.Dispose();
        _listener.Dispose();
        _device.Dispose();
        File.Delete(UapiServer.PathOf(Name));
        _home.Dispose();
        _folder.Dispose();
    }

    private static string Describe(PeerSnapshot peer)
    {
        string presharedKey = peer.PresharedKey is { IsZero: false } key ? Convert.ToHexString(key.DangerousSpan) : "none";
        return $"{peer.PublicKey} {presharedKey} {peer.Endpoint} {peer.PersistentKeepaliveSeconds} {string.Join(',', peer.AllowedIps)}";
    }
}
