using System.Net;
using System.Net.Sockets;
using Chasqui.Core.Config;
using Chasqui.Linux;

namespace Chasqui.Tests.Device;

/// <summary>Devices with several queues, sockets and workers: nothing about them may show.</summary>
[Collection(nameof(WholeProcess))]
public sealed class LaneTunnelTests : IDisposable
{
    private const int Lanes = 3;
    private const int Workers = 2;
    private const long Megabyte = 1_000_000;

    private readonly TestTunnel _tunnel = new(Lanes, Workers);

    public void Dispose() => _tunnel.Dispose();

    [Theory]
    [InlineData(TestTunnel.AddressB)]
    [InlineData(TestTunnel.AddressB6)]
    public void EchoesCrossIt(string address) => Assert.Equal(0, _tunnel.Ping(address, 5).Code);

    [Fact]
    public void SixFlowsCrossItWhole()
    {
        (Socket A, Socket B)[] flows = [.. Enumerable.Range(0, 6).Select(_ => _tunnel.Connect())];

        Parallel.ForEach(flows, new ParallelOptions { MaxDegreeOfParallelism = 6 }, flow => Transfer(flow.A, flow.B, 5 * Megabyte));

        Array.ForEach(flows, flow => flow.A.Dispose());
        Array.ForEach(flows, flow => flow.B.Dispose());
    }

    [Fact]
    public void EveryLaneHasASocketOfEachFamilyOnOnePort()
    {
        (_, string listing) = _tunnel.A.Home.TryExecute("ss", "-Hunl");

        Assert.Equal(2 * Lanes, listing.Split('\n').Count(line => line.Contains($":{_tunnel.A.Port} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void ThePortMovesUnderTraffic()
    {
        (Socket a, Socket b) = _tunnel.Connect();
        ushort before = _tunnel.B.Port;
        var moves = new Thread(() =>
        {
            for (int i = 0; i < 5; i++)
            {
                _tunnel.B.Device.Apply(new DeviceChange { ListenPort = 0 });
                Thread.Sleep(50);
            }
        });

        moves.Start();
        Transfer(b, a, 20 * Megabyte);
        moves.Join();

        Assert.NotEqual(before, _tunnel.B.Port);
        a.Dispose();
        b.Dispose();
    }

    [Fact]
    public void APortThatSomebodyHasIsRefusedAndNothingChanges()
    {
        ushort before = _tunnel.A.Port;
        using Socket other = TestDevice.Occupy(_tunnel.A.Home, 0);
        int taken = ((IPEndPoint)other.LocalEndPoint!).Port;

        LinuxException refused = Assert.Throws<LinuxException>(
            () => _tunnel.A.Device.Apply(new DeviceChange { ListenPort = (ushort)taken }));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
        Assert.Equal(before, _tunnel.A.Port);
        Assert.Equal(0, _tunnel.Ping(TestTunnel.AddressB, 2).Code);
    }

    [Fact]
    public void TwoDevicesDoNotShareAPortByAccident()
    {
        LinuxException refused = Assert.Throws<LinuxException>(
            () => _tunnel.A.Device.Apply(new DeviceChange { ListenPort = _tunnel.B.Port }));

        Assert.Equal(Errno.EADDRINUSE, refused.Errno);
    }

    [Fact]
    public void DownAndUpDoNotHarmIt()
    {
        _tunnel.A.Down();
        _tunnel.A.Up();
        Assert.Equal(0, _tunnel.Ping(TestTunnel.AddressB, 3).Code);
    }

    private static void Transfer(Socket from, Socket to, long bytes)
    {
        var sender = new Thread(() =>
        {
            var chunk = new byte[65536];
            for (long left = bytes; left > 0;)
            {
                left -= from.Send(chunk.AsSpan(0, (int)Math.Min(left, chunk.Length)));
            }
        });
        sender.Start();
        var incoming = new byte[65536];
        to.ReceiveTimeout = 30_000;
        for (long received = 0; received < bytes;)
        {
            int count = to.Receive(incoming);
            Assert.NotEqual(0, count);
            received += count;
        }

        sender.Join();
    }
}
