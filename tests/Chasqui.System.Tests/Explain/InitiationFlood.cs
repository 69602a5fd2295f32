using System.Net;
using System.Net.Sockets;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>A stranger who knows the public key of an end, and sends it initiations in bursts, as fast as it can.</summary>
internal sealed class InitiationFlood : IDisposable
{
    private const int BurstLength = 3000;

    private readonly Socket _socket;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public InitiationFlood(NetworkNamespace network, FaultHost target)
    {
        byte[] initiation = Make(target);
        var to = new IPEndPoint(IPAddress.Parse(target.Outer), target.Port);
        _socket = network.UdpSocket("0.0.0.0");
        _thread = new Thread(() =>
        {
            while (!_isOver)
            {
                for (int i = 0; i < BurstLength; i++)
                {
                    _socket.SendTo(initiation, to);
                }

                Thread.Sleep(500);
            }
        })
        { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _socket.Dispose();
    }

    /// <summary>An initiation with the right mac1, of a key that is no peer's.</summary>
    private static byte[] Make(FaultHost target)
    {
        using var tunnel = new Core.Tunnel(new SystemEntropy());
        tunnel.Up(Clock.Now());
        Assert.True(tunnel.TryApply(
            new DeviceChange
            {
                PrivateKey = FaultHost.KeyOf(8),
                Peers = [new PeerChange { PublicKey = target.PublicKey, Endpoint = FaultHost.Endpoint("192.0.2.1:1"), PersistentKeepaliveSeconds = 1 }],
            },
            Clock.Now()));
        var outbox = new Outbox();
        tunnel.Tick(Clock.Read(), ref outbox);
        return outbox.Sent ?? throw new InvalidOperationException("no initiation was made");
    }

    private sealed class Outbox : IOutbox
    {
        private readonly byte[] _buffer = new byte[2048];

        public byte[]? Sent { get; private set; }

        public Span<byte> Reserve(int lengthBytes) => _buffer.AsSpan(0, lengthBytes);

        public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) => Sent ??= _buffer[..lengthBytes];
    }
}
