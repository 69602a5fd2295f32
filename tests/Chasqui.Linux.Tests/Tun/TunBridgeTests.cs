using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Chasqui.Linux.Tun;

namespace Chasqui.Linux.Tests.Tun;

/// <summary>The kernel's own TCP and UDP through two devices: what one gives is cut, joined again, and given to the other.</summary>
public class TunBridgeTests
{
    private const int StreamLength = 64 << 20;

    [Theory]
    [InlineData("10.77.0.2")]
    [InlineData("fd77::2")]
    public void CarriesATcpStream(string server)
    {
        using var pair = new Pair(disturb: null);

        pair.SendAndCompare(server);

        Assert.Equal((0, 0), (pair.Forward.Refused, pair.Back.Refused));
        Assert.Equal((0, 0), (pair.Forward.LastErrno, pair.Back.LastErrno));
        Assert.InRange(pair.Forward.MostCut, 20, 50);
        Assert.InRange(pair.Forward.Joined, 100, pair.Forward.Packets / 10);
    }

    [Fact]
    public void CarriesCongestionMarks()
    {
        int seen = 0;
        using var pair = new Pair(disturb: packet =>
        {
            // Data packets of an ECN-capable flow; one in 300 experiences congestion.
            if (packet.Length > 1000 && packet[0] == 0x45 && (packet[1] & 3) == 2 && ++seen % 300 == 0)
            {
                packet[1] |= 3;
                NaiveChecksum.Complete(packet);
            }
        });
        pair.UseEcn();

        pair.SendAndCompare("10.77.0.2");

        Assert.NotEqual(0, seen);
        Assert.True((pair.Client.Offloads & TunOffloads.TsoEcn) == 0 || pair.Forward.EcnFrames > 0, "No super-packet carried CWR.");
        Assert.Equal((0, 0), (pair.Forward.LastErrno, pair.Forward.Refused));
    }

    [Theory]
    [InlineData("10.77.0.2")]
    [InlineData("fd77::2")]
    public void CarriesSegmentedDatagrams(string server)
    {
        const int Datagram = 1200, Count = 40, Rounds = 50;
        using var pair = new Pair(disturb: null);
        var endpoint = new IPEndPoint(IPAddress.Parse(server), 5000);
        using Socket receiver = pair.ServerSpace.Run(() => Bound(endpoint));
        using Socket sender = pair.ClientSpace.Run(() => new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        sender.SetRawSocketOption(17, 103, BitConverter.GetBytes(Datagram));
        byte[] buffer = new byte[2000];

        for (int round = 0; round < Rounds; round++)
        {
            byte[] sent = TunPackets.RandomBytes(new Random(round), (Count * Datagram) - 700);
            sender.SendTo(sent, endpoint);
            for (int i = 0; i < Count; i++)
            {
                ReadOnlySpan<byte> expected = sent.AsSpan(i * Datagram, Math.Min(Datagram, sent.Length - (i * Datagram)));
                Assert.True(expected.SequenceEqual(buffer.AsSpan(0, receiver.Receive(buffer))), $"round {round}, datagram {i}");
            }
        }

        Assert.Equal((0, 0), (pair.Forward.LastErrno, pair.Forward.Refused));
        if ((pair.Client.Offloads & TunOffloads.Uso4) != 0)
        {
            Assert.Equal(Count, pair.Forward.MostCut);
            Assert.InRange(pair.Forward.Joined, Rounds, 2 * Rounds);
        }
    }

    [Fact]
    public void GivesAnUnreachableAnswerThatTheKernelBelieves()
    {
        TunNamespace.SkipUnlessPossible();
        using var space = new TunNamespace();
        using TunDevice device = space.Run(() => TunDevice.Create("chqa", 1420));
        TunDeviceTests.Configure(space, "chqa", "10.77.0.1/24", "fd77::1/64");

        Assert.Equal(SocketError.HostUnreachable, space.Run(() => ErrorAfterAnswer(device, "10.77.0.2")));
        Assert.Equal(SocketError.HostUnreachable, space.Run(() => ErrorAfterAnswer(device, "fd77::2")));
    }

    /// <summary>Sends a datagram, answers all that comes out of the device, and gives back what the socket heard.</summary>
    private static SocketError ErrorAfterAnswer(TunDevice device, string server)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(server), 5000);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };

        // "Unreachable" may be passing, so that the kernel tells only sockets that ask: IP_RECVERR, IPV6_RECVERR.
        (int level, int option) = endpoint.AddressFamily == AddressFamily.InterNetwork ? (0, 11) : (41, 25);
        socket.SetRawSocketOption(level, option, BitConverter.GetBytes(1));
        socket.Connect(endpoint);
        socket.Send("anybody?"u8);
        byte[] frame = new byte[TunDevice.MaxFrameLength], answer = new byte[VirtioNetHeader.Length + IcmpUnreachable.MaxLength];
        int length;
        while ((length = device.Read(frame)) > 0)
        {
            Assert.True(SuperPacket.TryPlan(frame.AsSpan(0, length), out SegmentPlan plan));
            int answered = IcmpUnreachable.Build(plan.Packet, answer.AsSpan(VirtioNetHeader.Length));
            Assert.True(answered == 0 || device.Write(answer.AsSpan(0, VirtioNetHeader.Length + answered)) == 0);
        }

        return Assert.Throws<SocketException>(() => socket.Receive(new byte[10])).SocketErrorCode;
    }

    private static Socket Bound(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        socket.Bind(endpoint);
        return socket;
    }

    /// <summary>Two hosts, each a network namespace with one device, and a bridge in each direction.</summary>
    private sealed class Pair : IDisposable
    {
        // Last in, first out: a constructor that fails half way leaves no namespace behind.
        private readonly Stack<IDisposable> _made = new();

        internal Pair(Action<Span<byte>>? disturb)
        {
            TunNamespace.SkipUnlessPossible();
            try
            {
                ClientSpace = Made(new TunNamespace());
                ServerSpace = Made(new TunNamespace());
                Client = Made(ClientSpace.Run(() => TunDevice.Create("chqa", 1420)));
                TunDevice server = Made(ServerSpace.Run(() => TunDevice.Create("chqb", 1420)));
                TunDeviceTests.Configure(ClientSpace, "chqa", "10.77.0.1/24", "fd77::1/64");
                TunDeviceTests.Configure(ServerSpace, "chqb", "10.77.0.2/24", "fd77::2/64");
                Forward = Made(new TunBridge(Client, server, disturb));
                Back = Made(new TunBridge(server, Client, disturb: null));
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        internal TunNamespace ClientSpace { get; }

        internal TunNamespace ServerSpace { get; }

        internal TunDevice Client { get; }

        internal TunBridge Forward { get; }

        internal TunBridge Back { get; }

        internal void UseEcn()
        {
            foreach (TunNamespace space in new[] { ClientSpace, ServerSpace })
            {
                space.Run(() =>
                {
                    File.WriteAllText("/proc/sys/net/ipv4/tcp_ecn", "1");
                    return 0;
                });
            }
        }

        internal void SendAndCompare(string server)
        {
            var endpoint = new IPEndPoint(IPAddress.Parse(server), 5001);
            using var listener = ServerSpace.Run(() =>
            {
                var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(endpoint);
                socket.Listen();
                return socket;
            });
            Func<byte[]> received = ServerSpace.Start(() => HashReceived(listener));
            byte[] sent = ClientSpace.Run(() => HashSent(endpoint));

            Assert.Equal(sent, received());
        }

        public void Dispose()
        {
            if (_made.TryPop(out IDisposable? last))
            {
                try
                {
                    last.Dispose();
                }
                finally
                {
                    Dispose();
                }
            }
        }

        private T Made<T>(T made)
            where T : IDisposable
        {
            _made.Push(made);
            return made;
        }

        private static byte[] HashSent(IPEndPoint endpoint)
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendTimeout = 30_000 };
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            socket.Connect(endpoint);
            byte[] chunk = new byte[1 << 20];
            var random = new Random(5);
            for (int sent = 0; sent < StreamLength; sent += chunk.Length)
            {
                random.NextBytes(chunk);
                hash.AppendData(chunk);
                socket.Send(chunk);
            }

            socket.Shutdown(SocketShutdown.Send);
            return hash.GetHashAndReset();
        }

        private static byte[] HashReceived(Socket listener)
        {
            using Socket socket = listener.Accept();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            socket.ReceiveTimeout = 30_000;
            byte[] chunk = new byte[1 << 20];
            int length;
            while ((length = socket.Receive(chunk)) > 0)
            {
                hash.AppendData(chunk.AsSpan(0, length));
            }

            return hash.GetHashAndReset();
        }
    }
}
