using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Explain;
using Chasqui.Linux.Tun;

namespace Chasqui.System.Tests.Explain;

/// <summary>
/// The protocol with a wall clock of its own, on a real socket: no machine's clock can be set for one process alone. Its interface is there and nobody
/// reads it; <see cref="Say"/> sends instead.
/// </summary>
internal sealed class ShiftedEngine : IFaultEngine
{
    private const int BufferLength = 2048;
    private const byte Icmp = 1, EchoRequest = 8;

    private readonly TunDevice _link;
    private readonly Tunnel _tunnel = new(new SystemEntropy());
    private readonly Socket _socket;
    private readonly Thread _thread;
    private readonly FaultHost _host;
    private readonly Outbox _outbox;
    private long _shiftNanoseconds;
    private volatile bool _isOver;

    private ShiftedEngine(FaultHost host)
    {
        _host = host;
        _link = host.Network.Inside(() => TunDevice.Create(FaultHost.Interface, FaultHost.InnerMtu, 1));
        _socket = host.Network.UdpSocket(host.Outer, host.Port);
        _socket.ReceiveTimeout = 20;
        _outbox = new Outbox(_socket);
        _tunnel.Up(Clock.Now());
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public static IFaultEngine Open(FaultHost host) => new ShiftedEngine(host);

    private Moment Now
    {
        get
        {
            Moment now = Clock.Read();
            return now with { UnixNanoseconds = now.UnixNanoseconds + Volatile.Read(ref _shiftNanoseconds) };
        }
    }

    /// <summary>Sets the clock, as a machine does that starts with a wrong one: sessions are gone, too.</summary>
    public void Restart(TimeSpan shift)
    {
        _tunnel.Down();
        Volatile.Write(ref _shiftNanoseconds, shift.Ticks * TimeSpan.NanosecondsPerTick);
        _tunnel.Up(Clock.Now());
    }

    public void Apply(DeviceChange change) => Assert.True(_tunnel.TryApply(change, Clock.Now()));

    /// <summary>Sends an echo request to another machine's inner address.</summary>
    public void Say(FaultHost other)
    {
        byte[] packet = new byte[28];
        packet[0] = 0x45;
        packet[3] = (byte)packet.Length;
        packet[8] = 64;
        packet[9] = Icmp;
        packet[20] = EchoRequest;
        packet[22] = 0xf7; // the sum of a request that is otherwise empty
        packet[23] = 0xff;
        IPAddress.Parse(_host.Inner).GetAddressBytes().CopyTo(packet, 12);
        IPAddress.Parse(other.Inner).GetAddressBytes().CopyTo(packet, 16);
        SumHeader(packet.AsSpan(0, 20));
        Outbox outbox = _outbox;
        lock (_socket)
        {
            _tunnel.SendPacket(Clock.Now(), packet, ref outbox);
        }
    }

    public ExplainReport Explain(IReadOnlyDictionary<PublicKey, string> names, IReadOnlyList<PublicKey> measured) =>
        TunnelExplainer.Run(FaultHost.Interface, _tunnel.Status(Now, _host.Port, 0), hasJournal: true, measured, names);

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _socket.Dispose();
        _link.Dispose();
        _tunnel.Dispose();
    }

    private static void SumHeader(Span<byte> header)
    {
        uint sum = 0;
        for (int i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~((sum & 0xffff) + (sum >> 16)));
    }

    private void Run()
    {
        byte[] buffer = new byte[BufferLength];
        Outbox outbox = _outbox;
        while (!_isOver)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            int length = 0;
            try
            {
                length = _socket.ReceiveFrom(buffer, ref from);
            }
            catch (SocketException)
            {
                // Nothing came within the time.
            }

            lock (_socket)
            {
                if (length > 0)
                {
                    _tunnel.ReceiveDatagram(Now, new Endpoint(FaultHost.Endpoint(from.ToString()!)), 0, buffer.AsSpan(0, length), ref outbox);
                }

                _tunnel.Tick(Now, ref outbox);
            }
        }
    }

    private readonly struct Outbox(Socket socket) : IOutbox
    {
        private readonly byte[] _buffer = new byte[BufferLength];

        public Span<byte> Reserve(int lengthBytes) => _buffer.AsSpan(0, lengthBytes);

        public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass) =>
            socket.SendTo(_buffer.AsSpan(0, lengthBytes), IPEndPoint.Parse(endpoint.Remote.ToString()));
    }
}
