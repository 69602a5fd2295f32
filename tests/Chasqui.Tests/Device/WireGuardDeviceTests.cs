using System.Net.Sockets;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Tun;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chasqui.Tests.Device;

/// <summary>Up, down, port and end, as the kernel's own WireGuard has them; what ip(8) has done is true at once.</summary>
public sealed class WireGuardDeviceTests : IDisposable
{
    private readonly Sandbox _home = new();
    private readonly TestDevice _device;

    public WireGuardDeviceTests() => _device = new TestDevice(_home);

    public void Dispose()
    {
        _device.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void ThereIsNoPortUntilTheInterfaceIsUpAndThenOneAtOnce()
    {
        Assert.Equal(0, _device.Port);

        _device.Up();

        Assert.NotEqual(0, _device.Port);
    }

    [Fact]
    public void TheChosenPortIsKeptOverDownAndUp()
    {
        _device.Up();
        ushort port = _device.Port;

        _device.Down();

        Assert.Equal(port, _device.Port);
        TestDevice.Occupy(_home, port).Dispose(); // closed while down
        _device.Up();
        Assert.Equal(port, _device.Port);
        Assert.Throws<SocketException>(() => TestDevice.Occupy(_home, port));
    }

    [Fact]
    public void APortMayBeSetBeforeTheInterfaceIsUp()
    {
        _device.Device.Apply(new DeviceChange { ListenPort = 5555 });
        Assert.Equal(5555, _device.Port);
        TestDevice.Occupy(_home, 5555).Dispose();

        _device.Up();

        Assert.Equal(5555, _device.Port);
        Assert.Throws<SocketException>(() => TestDevice.Occupy(_home, 5555));
    }

    [Fact]
    public void PortZeroTakesAnotherOneWhileUp()
    {
        _device.Up();
        ushort port = _device.Port;

        _device.Device.Apply(new DeviceChange { ListenPort = 0 });

        Assert.NotEqual(0, _device.Port);
        Assert.NotEqual(port, _device.Port);
        TestDevice.Occupy(_home, port).Dispose();
    }

    [Fact]
    public void APortInUseIsRefusedAndNothingHasChanged()
    {
        _device.Up();
        ushort port = _device.Port;
        using Socket occupant = TestDevice.Occupy(_home, 0);
        ushort taken = (ushort)((System.Net.IPEndPoint)occupant.LocalEndPoint!).Port;

        LinuxException refusal = Assert.Throws<LinuxException>(() => _device.Device.Apply(new DeviceChange
        {
            ListenPort = taken,
            FwMark = 7,
            Peers = [new PeerChange { PublicKey = TestDevice.SomeKey(1) }],
        }));

        Assert.Equal(Errno.EADDRINUSE, refusal.Errno);
        using DeviceSnapshot snapshot = _device.Device.Snapshot();
        Assert.Equal((port, 0u), (snapshot.ListenPort, snapshot.FwMark));
        Assert.Empty(snapshot.Peers);
        Assert.Throws<SocketException>(() => TestDevice.Occupy(_home, port));
    }

    [Fact]
    public void TooManyPeersAreRefusedAndNothingHasChanged()
    {
        _device.Up();
        ushort port = _device.Port;
        var peer = new PeerChange { PublicKey = TestDevice.SomeKey(1) };

        LinuxException refusal = Assert.Throws<LinuxException>(() => _device.Device.Apply(new DeviceChange
        {
            ListenPort = 0,
            FwMark = 7,
            Peers = [.. Enumerable.Repeat(peer, ProtocolConstants.MaxPeers + 1)],
        }));

        Assert.Equal(Errno.ENOMEM, refusal.Errno);
        using DeviceSnapshot snapshot = _device.Device.Snapshot();
        Assert.Equal((port, 0u), (snapshot.ListenPort, snapshot.FwMark));
        Assert.Empty(snapshot.Peers);
    }

    [Fact]
    public void AnInterfaceThatComesUpOnATakenPortSaysSoAndTakesAnother()
    {
        using Socket occupant = TestDevice.Occupy(_home, 0);
        ushort taken = (ushort)((System.Net.IPEndPoint)occupant.LocalEndPoint!).Port;
        _device.Device.Apply(new DeviceChange { ListenPort = taken });

        _device.Up();

        Assert.Equal(taken, _device.Port);
        Assert.Contains(_device.Log.Lines, line => line.Contains($"cannot listen on port {taken}", StringComparison.Ordinal));
        _device.Device.Apply(new DeviceChange { Peers = [new PeerChange { PublicKey = TestDevice.SomeKey(1) }] });
        Assert.Throws<LinuxException>(() => _device.Device.Apply(new DeviceChange { ListenPort = taken }));
        _device.Device.Apply(new DeviceChange { ListenPort = 0 });
        Assert.NotEqual(taken, _device.Port);
        Assert.True(SpinWait.SpinUntil(() => _device.Log.Lines.Any(line => line.Contains("interface up", StringComparison.Ordinal)), 10_000));
    }

    [Fact]
    public void TheSamePortAgainKeepsTheSockets()
    {
        _device.Up();
        ushort port = _device.Port;

        _device.Device.Apply(new DeviceChange { ListenPort = port });

        Assert.Equal(port, _device.Port);
    }

    [Fact]
    public void WithoutIpv6TheOtherFamilyWorks()
    {
        _home.Execute("sysctl", "-q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1");

        _device.Up();

        Assert.NotEqual(0, _device.Port);
    }

    [Fact]
    public void ARenamedInterfaceIsFollowed()
    {
        _home.Ip("link set wg0 name wg-renamed");
        _home.Ip("link set wg-renamed up");

        Assert.NotEqual(0, _device.Port);
        Assert.False(_device.Device.Exit.IsCompleted);
    }

    [Fact]
    public void AMovedInterfaceIsFollowedAndItsSocketsStayAtHome()
    {
        using var elsewhere = new Sandbox();

        _home.Ip($"link set wg0 netns {elsewhere.Path}");
        elsewhere.Ip("link set wg0 up");

        ushort port = _device.Port;
        Assert.NotEqual(0, port);
        Assert.Throws<SocketException>(() => TestDevice.Occupy(_home, port));
        TestDevice.Occupy(elsewhere, port).Dispose();
        elsewhere.Ip("link set wg0 down");
        Assert.Equal(port, _device.Port);
        TestDevice.Occupy(_home, port).Dispose();
        elsewhere.Ip("link del wg0");
        Assert.Equal(DeviceExitReason.InterfaceDeleted, _device.WaitForExit().Reason);
    }

    [Fact]
    public void AnInterfaceThatMovesToAndFroIsNotLost()
    {
        using var elsewhere = new Sandbox();
        for (int i = 0; i < 10; i++)
        {
            _home.Ip($"link set wg0 netns {elsewhere.Path}");
            elsewhere.Ip($"link set wg0 netns {_home.Path}");
        }

        _device.Up();

        Assert.NotEqual(0, _device.Port);
        Assert.False(_device.Device.Exit.IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADeletedInterfaceEndsTheDevice(bool isUp)
    {
        if (isUp)
        {
            _device.Up();
        }

        _home.Ip("link del wg0");

        DeviceExit exit = _device.WaitForExit();
        Assert.Equal(DeviceExitReason.InterfaceDeleted, exit.Reason);
        Assert.Null(exit.Exception);
    }

    [Fact]
    public void DisposeTakesTheInterfaceAndThePortAndMayBeRepeated()
    {
        _device.Up();
        ushort port = _device.Port;

        _device.Device.Dispose();
        _device.Device.Dispose();

        Assert.NotEqual(0, _home.TryExecute("ip", "-br link show wg0").Code);
        TestDevice.Occupy(_home, port).Dispose();
        Assert.Throws<ObjectDisposedException>(() => _device.Device.Apply(new DeviceChange { ListenPort = 0 }));
        Assert.Throws<ObjectDisposedException>(() => _device.Device.Snapshot());
        Assert.False(_device.Device.Exit.IsCompleted);
    }

    [Fact]
    public void AFailedStartLeavesNoInterface()
    {
        TunDevice tun = _home.CreateTun("wg1");

        Assert.Throws<LinuxException>(() => new WireGuardDevice(tun, NullLogger.Instance, "/nowhere/at/all/wg1.sock"));

        Assert.NotEqual(0, _home.TryExecute("ip", "-br link show wg1").Code);
    }

    /// <summary>However quickly: both changes may come with one look.</summary>
    [Fact]
    public void DownAndUpAtOnceIsNotOverlooked()
    {
        const int Times = 20;
        string commands = Path.GetTempFileName();
        try
        {
            File.WriteAllText(commands, "link set wg0 down\nlink set wg0 up\n");
            _device.Up();
            for (int i = 1; i <= Times; i++)
            {
                _home.Ip($"-batch {commands}");

                Assert.True(
                    SpinWait.SpinUntil(() => _device.Device.Journal.CountOf(TunnelEventKind.InterfaceUp) == i + 1, TimeSpan.FromSeconds(10)), $"overlooked: the time no. {i}");
            }

            Assert.Equal(Times, _device.Device.Journal.CountOf(TunnelEventKind.InterfaceDown));
        }
        finally
        {
            File.Delete(commands);
        }
    }

    [Fact]
    public void UpsDownsAndChangesFromManyThreadsLeaveAWorkingDevice()
    {
        Thread[] threads =
        [
            new(() => Repeat(30, i => _home.Ip($"link set wg0 {(i % 2 == 0 ? "up" : "down")}"))),
            new(() => Repeat(100, _ => _device.Device.Apply(new DeviceChange { ListenPort = 0, FwMark = 3 }))),
            new(() => Repeat(100, i => _device.Device.Apply(new DeviceChange
            {
                ReplacePeers = true,
                Peers = [new PeerChange { PublicKey = TestDevice.SomeKey((byte)(i + 1)) }],
            }))),
            new(() => Repeat(1000, _ => _device.Device.Snapshot().Dispose())),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "A thread hangs."));

        _device.Up();

        Assert.NotEqual(0, _device.Port);
        Assert.Throws<SocketException>(() => TestDevice.Occupy(_home, _device.Port));
        Assert.False(_device.Device.Exit.IsCompleted);

        static void Repeat(int times, Action<int> action)
        {
            for (int i = 0; i < times; i++)
            {
                action(i);
            }
        }
    }
}
