using System.Net;
using System.Net.Sockets;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;

namespace Chasqui.Tests.Device;

/// <summary>Two devices in this process, each the other's peer: sockets in one namespace, over its loopback, interfaces in two others.</summary>
internal sealed class TestTunnel : IDisposable
{
    internal const string AddressA = "10.99.0.1";
    internal const string AddressB = "10.99.0.2";
    internal const string AddressA6 = "fd99::1";
    internal const string AddressB6 = "fd99::2";

    private const int Chunk = 256 * 1024;

    private readonly Sandbox _home = new();
    private readonly byte[] _outgoing = new byte[Chunk];
    private readonly byte[] _incoming = new byte[Chunk];

    internal TestTunnel(int lanes = 1, int workers = 0)
    {
        PlaceA = new Sandbox();
        PlaceB = new Sandbox();
        A = new TestDevice(_home, PlaceA, "wg0", lanes, workers);
        B = new TestDevice(_home, PlaceB, "wg0", lanes, workers);
        var entropy = new SystemEntropy();
        using PrivateKey keyA = PrivateKey.Generate(entropy), keyB = PrivateKey.Generate(entropy);
        A.Device.Apply(new DeviceChange { PrivateKey = keyA });
        B.Device.Apply(new DeviceChange { PrivateKey = keyB });
        Up(A, AddressA, AddressA6);
        Up(B, AddressB, AddressB6);
        Introduce(A, keyB.DerivePublicKey(), B.Port, AddressB, AddressB6);
        Introduce(B, keyA.DerivePublicKey(), null, AddressA, AddressA6);
    }

    internal Sandbox PlaceA { get; }

    internal Sandbox PlaceB { get; }

    internal TestDevice A { get; }

    internal TestDevice B { get; }

    /// <summary>Sends echo requests from A to B.</summary>
    internal (int Code, string Output) Ping(string address, int count) =>
        PlaceA.TryExecute("ping", $"-q -c {count} -i 0.05 -W 5 {address}");

    /// <summary>A connected TCP socket in each namespace, through the tunnel.</summary>
    internal (Socket A, Socket B) Connect()
    {
        using Socket listener = PlaceB.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Parse(AddressB), 0));
        listener.Listen();
        Socket a = PlaceA.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        a.Connect(listener.LocalEndPoint!);
        return (a, listener.Accept());
    }

    /// <summary>A UDP socket in each namespace, each connected to the other through the tunnel, with room for a burst.</summary>
    internal (Socket A, Socket B) ConnectDatagrams()
    {
        Socket a = Bound(PlaceA, AddressA), b = Bound(PlaceB, AddressB);
        a.Connect(b.LocalEndPoint!);
        b.Connect(a.LocalEndPoint!);
        return (a, b);

        static Socket Bound(Sandbox place, string address) => place.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000, ReceiveBufferSize = 4 << 20 };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            return socket;
        });
    }

    /// <summary>Sends bytes and waits until all have arrived. Allocates nothing but its threads.</summary>
    internal void Transfer(Socket from, Socket to, long bytes, Action whileItLasts)
    {
        long received = 0;
        var sender = new Thread(() =>
        {
            for (long left = bytes; left > 0;)
            {
                left -= from.Send(_outgoing.AsSpan(0, (int)Math.Min(left, Chunk)));
            }
        });
        var receiver = new Thread(() =>
        {
            while (received < bytes)
            {
                received += to.Receive(_incoming);
            }
        });
        sender.Start();
        receiver.Start();
        whileItLasts();
        Assert.True(sender.Join(TimeSpan.FromSeconds(60)), $"The sender hangs; {received} bytes have arrived.");
        Assert.True(receiver.Join(TimeSpan.FromSeconds(60)), $"The receiver hangs; {received} bytes have arrived.");
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
        PlaceA.Dispose();
        PlaceB.Dispose();
        _home.Dispose();
    }

    private static void Up(TestDevice end, string address, string address6)
    {
        end.Up();
        end.Place.Ip($"address add {address}/24 dev wg0");
        end.Place.Ip($"address add {address6}/64 dev wg0 nodad");

        // The kernel adds the route to a new IPv6 address of its own a moment later.
        Assert.True(SpinWait.SpinUntil(
            () => end.Place.TryExecute("ip", $"-6 route get {address6}").Output.StartsWith("local", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10)));
    }

    private static void Introduce(TestDevice end, PublicKey other, ushort? port, string address, string address6)
    {
        var peer = new PeerChange
        {
            PublicKey = other,
            Endpoint = port is { } number ? new IpEndpoint(IpAddress.V4(0x7F000001), number) : null,
            AllowedIps =
            [
                new AllowedIpChange(TestDevice.Prefix($"{address}/32"), false),
                new AllowedIpChange(TestDevice.Prefix($"{address6}/128"), false),
            ],
        };
        end.Device.Apply(new DeviceChange { Peers = [peer] });
    }
}
