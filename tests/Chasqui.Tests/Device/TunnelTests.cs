using System.Net.Sockets;
using Chasqui.Core;
using Chasqui.Core.Config;

namespace Chasqui.Tests.Device;

/// <summary>Two devices with real interfaces and sockets, and packets of the kernel's own stack between them.</summary>
[Collection(nameof(WholeProcess))]
public sealed class TunnelTests : IDisposable
{
    private const long Megabyte = 1_000_000;

    private readonly TestTunnel _tunnel = new();

    public void Dispose() => _tunnel.Dispose();

    [Theory]
    [InlineData(TestTunnel.AddressB)]
    [InlineData(TestTunnel.AddressB6)]
    public void EchoesCrossItFromTheFirst(string address)
    {
        (int code, string output) = _tunnel.Ping(address, 5);

        Assert.True(code == 0, output);
        Assert.True(output.Contains("5 received", StringComparison.Ordinal), $"{output} A: {Drops(_tunnel.A)}; B: {Drops(_tunnel.B)}");
    }

    private static string Drops(TestDevice end) => string.Join(", ", Enum.GetValues<DropReason>()
        .Where(reason => end.Device.Drops[reason] > 0).Select(reason => $"{reason} {end.Device.Drops[reason]}"));

    [Fact]
    public void TheFirstPacketAfterUpIsNotDropped()
    {
        for (int i = 0; i < 10; i++)
        {
            _tunnel.A.Down();
            _tunnel.A.Up();

            // Nobody owns this address: the answer shows that the device was up for the first packet, without a handshake in between.
            (_, string output) = _tunnel.PlaceA.TryExecute("ping", "-c 1 -W 5 10.99.0.77");

            Assert.True(output.Contains("Destination Host Unreachable", StringComparison.Ordinal), $"round {i}: {output}");
        }
    }

    [Fact]
    public void BothSidesCountTheSameBytes()
    {
        Assert.Equal(0, _tunnel.Ping(TestTunnel.AddressB, 10).Code);

        using DeviceSnapshot a = _tunnel.A.Device.Snapshot(), b = _tunnel.B.Device.Snapshot();
        Assert.Equal(a.Peers[0].SentBytes, b.Peers[0].ReceivedBytes);
        Assert.Equal(a.Peers[0].ReceivedBytes, b.Peers[0].SentBytes);
        Assert.InRange(a.Peers[0].SentBytes, 10ul * 128, 10ul * 128 + 1000);
    }

    /// <summary>Drains of many packets: of one length, of many lengths, with the short ones anywhere, and larger than the MTU.</summary>
    [Theory]
    [InlineData(120, 120)]
    [InlineData(1, 1392)]
    [InlineData(1000, 5000)]
    public void BurstsArriveWholeAndInOrder(int shortest, int longest)
    {
        const int Bursts = 50, BurstLength = 100;
        Assert.Equal(0, _tunnel.Ping(TestTunnel.AddressB, 1).Code); // a burst may be more than what waits for a session
        (Socket a, Socket b) = _tunnel.ConnectDatagrams();
        using (a)
        using (b)
        {
            var random = new Random(2026);
            byte[] sent = new byte[longest], received = new byte[longest + 1];
            for (int burst = 0; burst < Bursts; burst++)
            {
                int seed = random.Next();
                var lengths = new Random(seed);
                for (int i = 0; i < BurstLength; i++)
                {
                    int length = lengths.Next(shortest, longest + 1);
                    sent.AsSpan(0, length).Fill((byte)i);
                    Assert.Equal(length, a.Send(sent.AsSpan(0, length)));
                }

                lengths = new Random(seed);
                for (int i = 0; i < BurstLength; i++)
                {
                    int length = lengths.Next(shortest, longest + 1);
                    Assert.Equal(length, b.Receive(received));
                    Assert.Equal(-1, received.AsSpan(0, length).IndexOfAnyExcept((byte)i));
                }
            }
        }
    }

    [Fact]
    public void ThePacketPathAllocatesNothing()
    {
        (Socket a, Socket b) = _tunnel.Connect();
        using (a)
        using (b)
        {
            _tunnel.Transfer(a, b, 20 * Megabyte, () => { });
            _tunnel.Transfer(b, a, 20 * Megabyte, () => { });
            long before = GC.GetTotalAllocatedBytes(precise: true);

            _tunnel.Transfer(a, b, 50 * Megabyte, () => { });
            _tunnel.Transfer(b, a, 50 * Megabyte, () => { });

            // 100 MB are 70,000 packets. The test's own are its threads, and a context for each thread that counts.
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Assert.InRange(allocated, 0, 32 * 1024);
        }
    }

    [Fact]
    public void SmallPacketsAllocateNothingEither()
    {
        (Socket a, Socket b) = _tunnel.ConnectDatagrams();
        using (a)
        using (b)
        {
            PassBursts(a, b, 100);
            long before = GC.GetTotalAllocatedBytes(precise: true);

            PassBursts(a, b, 1000);

            // 64,000 packets both ways.
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Assert.InRange(allocated, 0, 32 * 1024);
        }

        static void PassBursts(Socket one, Socket other, int count)
        {
            for (int i = 0; i < count; i++)
            {
                PassBurst(one, other);
                PassBurst(other, one);
            }
        }

        static void PassBurst(Socket from, Socket to)
        {
            const int Burst = 32;
            Span<byte> packet = stackalloc byte[120];
            for (int i = 0; i < Burst; i++)
            {
                _ = from.Send(packet);
            }

            for (int i = 0; i < Burst; i++)
            {
                _ = to.Receive(packet); // one that is lost ends the test by its timeout; an assertion here would allocate
            }
        }
    }

    [Fact]
    public void OtherSocketsInTheMiddleOfATransferLoseNoConnection()
    {
        (Socket a, Socket b) = _tunnel.Connect();
        using (a)
        using (b)
        {
            _tunnel.Transfer(a, b, 40 * Megabyte, () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    _tunnel.A.Device.Apply(new DeviceChange { ListenPort = 0, FwMark = (uint)i });
                }
            });
        }

        Assert.False(_tunnel.A.Device.Exit.IsCompleted);
        Assert.Equal(0, _tunnel.Ping(TestTunnel.AddressB, 2).Code);
    }

    [Fact]
    public void AnotherMtuInTheMiddleOfATransferBreaksNoDatagram()
    {
        (Socket a, Socket b) = _tunnel.Connect();
        using (a)
        using (b)
        {
            _tunnel.Transfer(a, b, 40 * Megabyte, () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    _tunnel.PlaceA.Ip($"link set wg0 mtu {1400 - (i % 2 * 7)}");
                }
            });
        }

        Assert.Equal(0, _tunnel.B.Device.Drops[DropReason.AuthenticationFailed]);
        Assert.Equal(0, _tunnel.B.Device.Drops[DropReason.Malformed]);
    }

    [Fact]
    public void ADeviceThatEndsUnderLoadEndsAtOnceAndWithoutComplaint()
    {
        (Socket a, Socket b) = _tunnel.Connect();
        using (a)
        using (b)
        {
            var sender = new Thread(() => SendUntilClosed(a));
            var receiver = new Thread(() => ReceiveUntilClosed(b));
            sender.Start();
            receiver.Start();
            Assert.Equal(0, _tunnel.Ping(TestTunnel.AddressB, 5).Code);

            var end = new Thread(_tunnel.B.Dispose);
            end.Start();

            Assert.True(end.Join(TimeSpan.FromSeconds(10)), "Dispose hangs.");
            Assert.False(_tunnel.B.Device.Exit.IsCompleted);
            a.Close(0);
            b.Close(0);
            Assert.True(sender.Join(TimeSpan.FromSeconds(10)));
            Assert.True(receiver.Join(TimeSpan.FromSeconds(10)));
        }

        static void SendUntilClosed(Socket socket)
        {
            try
            {
                byte[] buffer = new byte[65536];
                while (socket.Send(buffer) > 0)
                {
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
            }
        }

        static void ReceiveUntilClosed(Socket socket)
        {
            try
            {
                byte[] buffer = new byte[65536];
                while (socket.Receive(buffer) > 0)
                {
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
            }
        }
    }

    [Fact]
    public void WhatNobodyOwnsIsAnsweredUnreachable()
    {
        _tunnel.PlaceA.Ip("route add 10.77.0.0/16 dev wg0");

        (int code, string output) = _tunnel.PlaceA.TryExecute("ping", "-c 1 -W 5 10.77.1.1");

        Assert.NotEqual(0, code);
        Assert.Contains("Destination Host Unreachable", output);
    }
}
