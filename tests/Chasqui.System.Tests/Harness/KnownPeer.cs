using System.Net;
using System.Net.Sockets;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Linux;

namespace Chasqui.System.Tests.Harness;

/// <summary>The other end of a daemon's session, in the test's own process: so the test knows the session's keys.</summary>
internal sealed class KnownPeer : IDisposable
{
    private const string InnerSource = "192.168.241.2";
    private const string InnerDestination = "192.168.241.1";

    /// <summary>What stands before the 32 bytes of a key in DER. Source: RFC 8410.</summary>
    private static readonly byte[] PrivateX25519 = Convert.FromHexString("302e020100300506032b656e04220420");
    private static readonly byte[] PublicX25519 = Convert.FromHexString("302a300506032b656e032100");

    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(20);

    private readonly byte[] _daemonPublicKey;
    private readonly RecordingGuard _guard = new();
    private readonly Core.Tunnel _tunnel;
    private readonly Socket _socket;
    private readonly Endpoint _daemon;
    private readonly byte[] _buffer = new byte[2048];

    /// <summary>A peer on a loopback port of the daemon's namespace. The daemon must be told of it.</summary>
    public KnownPeer(Daemon daemon, string daemonPublicKey, string presharedKey, int daemonPort)
    {
        Key = WgKey.Generate();
        PresharedKey = presharedKey;
        _daemonPublicKey = Convert.FromBase64String(daemonPublicKey);
        _tunnel = new Core.Tunnel(new SystemEntropy(), _guard);
        _socket = daemon.Birth.UdpSocket("127.0.0.1");
        _daemon = new Endpoint(new IpEndpoint(IpAddress.V4(0x7F000001), (ushort)daemonPort));
        using var privateKey = new PrivateKey(Convert.FromBase64String(Key.Private));
        using var psk = new PresharedKey(Convert.FromBase64String(presharedKey));
        var change = new PeerChange
        {
            PublicKey = new PublicKey(_daemonPublicKey),
            PresharedKey = psk,
            Endpoint = _daemon.Remote,
            AllowedIps = [new AllowedIpChange(new IpPrefix(IpAddress.V4(0), 0), Remove: false)],
        };
        Assert.True(_tunnel.TryApply(new DeviceChange { PrivateKey = privateKey, Peers = [change] }, Now().Now));
        _tunnel.Up(Now().Now);
    }

    public WgKey Key { get; }

    public string PresharedKey { get; }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>The keys of the last session, both ways.</summary>
    public byte[][] SessionKeys { get; private set; } = [];

    /// <summary>The product of the two static keys, which the daemon keeps with the peer; as openssl computes it.</summary>
    public byte[] StaticProduct()
    {
        Programs.RequireTool("openssl");
        using var folder = new TemporaryFolder();
        var (own, daemon, product) = ($"{folder.Path}/own", $"{folder.Path}/daemon", $"{folder.Path}/product");
        File.WriteAllBytes(own, [.. PrivateX25519, .. Convert.FromBase64String(Key.Private)]);
        File.WriteAllBytes(daemon, [.. PublicX25519, .. _daemonPublicKey]);
        Command.Run($"openssl pkeyutl -derive -keyform DER -inkey {own} -peerform DER -peerkey {daemon} -out {product}");
        return File.ReadAllBytes(product);
    }

    /// <summary>Has a handshake with the daemon, and sends a packet through it, so that both ends use its keys.</summary>
    public void Talk()
    {
        _guard.Clear();
        var outbox = new SocketOutbox(_socket, _buffer);
        _ = _tunnel.SendPacket(Now().Now, EmptyUdp(), ref outbox);
        var datagram = new byte[_buffer.Length];
        Poll.Until(
            () =>
            {
                // Sends the initiation, again after five seconds if it was lost.
                var reply = new SocketOutbox(_socket, _buffer);
                _tunnel.Tick(Now(), ref reply);
                if (_socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
                {
                    var length = _socket.Receive(datagram);
                    _ = _tunnel.ReceiveDatagram(Now(), _daemon, 0, datagram.AsSpan(0, length), ref reply);
                }

                return _guard.Secrets.Count >= 2;
            },
            "no session with the daemon",
            SessionTimeout);

        // The last two of 32 bytes are the session's: a handshake's own come before.
        SessionKeys = [.. _guard.Secrets.TakeLast(2)];
    }

    public void Dispose()
    {
        _socket.Dispose();
        _tunnel.Dispose();
    }

    private static Moment Now() => new(new Instant(BootClock.Now()), BootClock.UnixNanoseconds());

    /// <summary>An IPv4 packet with an empty UDP datagram; nobody looks at its checksums on the way.</summary>
    private static byte[] EmptyUdp() =>
    [
        0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, .. IPAddress.Parse(InnerSource).GetAddressBytes(), .. IPAddress.Parse(InnerDestination).GetAddressBytes(),
        0x30, 0x39, 0x30, 0x39, 0, 8, 0, 0,
    ];

    private sealed class RecordingGuard : ISecretGuard
    {
        public List<byte[]> Secrets { get; } = [];

        public void Clear() => Secrets.Clear();

        public void Guard(ReadOnlySpan<byte> secret)
        {
            // What is told of before it is filled is zero still, and no session's key.
            if (secret.Length == ProtocolConstants.KeyLength && secret.ContainsAnyExcept((byte)0))
            {
                Secrets.Add(secret.ToArray());
            }
        }
    }

    private readonly struct SocketOutbox(Socket socket, byte[] buffer) : IOutbox
    {
        public Span<byte> Reserve(int lengthBytes) => buffer.AsSpan(0, lengthBytes);

        public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) =>
            socket.SendTo(buffer.AsSpan(0, lengthBytes), new IPEndPoint(IPAddress.Loopback, endpoint.Remote.Port));
    }
}
