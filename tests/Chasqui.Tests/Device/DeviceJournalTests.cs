using System.Net;
using System.Net.Sockets;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;
using Chasqui.Linux;

namespace Chasqui.Tests.Device;

/// <summary>What a device tells that its tunnel cannot know: of the interface, and of what the kernel refuses.</summary>
[Collection(nameof(WholeProcess))]
public sealed class DeviceJournalTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Sandbox _home = new();
    private readonly TestDevice _device;

    public DeviceJournalTests() => _device = new TestDevice(_home);

    public void Dispose()
    {
        _device.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void TheInterfaceComesAndGoes()
    {
        _device.Up();
        ushort port = _device.Port;
        Assert.Equal(port, WaitFor(TunnelEventKind.InterfaceUp).Number);

        _device.Down();

        _ = WaitFor(TunnelEventKind.InterfaceDown);
        Assert.Equal(1, _device.Device.Journal.CountOf(TunnelEventKind.InterfaceUp));
    }

    /// <summary>A namespace with nothing but a loopback interface has no way to anywhere.</summary>
    [Theory]
    [InlineData("192.0.2.1:7")]
    [InlineData("[2001:db8::1]:7")]
    public void WhatCannotBeSentIsToldWithItsErrorAndItsPeer(string address)
    {
        _device.Up();

        AssertFails(address, Errno.ENETUNREACH);
    }

    /// <summary>The socket is not connected: it is ICMP that says so, to whoever listens for it.</summary>
    [Theory]
    [InlineData("127.0.0.1:9")]
    [InlineData("[::1]:9")]
    public void WhatNobodyTakesIsToldWithItsErrorAndItsPeer(string address)
    {
        _device.Up();
        Assert.True(_device.Device.Status().HearsNetworkErrors);

        AssertFails(address, Errno.ECONNREFUSED);
    }

    /// <summary>Who does not know our public key, or answers what nobody has asked, stands in nobody's way: it never queues, and so puts nobody under load.</summary>
    [Theory]
    [InlineData(MessageType.Initiation, InitiationView.Length, DropReason.InvalidMac1)]
    [InlineData(MessageType.Response, ResponseView.Length, DropReason.InvalidMac1)]
    [InlineData(MessageType.CookieReply, CookieReplyView.Length, DropReason.NoMatchingHandshake)]
    public void WhatIsNotForUsDoesNotWait(MessageType type, int length, DropReason reason)
    {
        const int Messages = 20_000;
        _device.Up();
        using var key = Core.Keys.PrivateKey.Generate(new SystemRandom());
        _device.Device.Apply(new DeviceChange { PrivateKey = key });

        Flood([(byte)type, .. new byte[length - 1]], Messages);

        TunnelStatus status = WaitForQuiet(reason);
        Assert.InRange(status.Drops[reason], 1000, Messages);
        Assert.DoesNotContain(DropReason.HandshakeQueueFull, status.Drops);
        Assert.DoesNotContain(TunnelEventKind.UnderLoadBegan, status.EventCounts);
    }

    /// <summary>Sends a message as fast as it goes; some overflow the socket.</summary>
    private void Flood(byte[] message, int count)
    {
        var device = new IPEndPoint(IPAddress.Loopback, _device.Port);
        using Socket stranger = TestDevice.Occupy(_home, 0);
        for (int i = 0; i < count; i++)
        {
            stranger.SendTo(message, device);
        }
    }

    /// <summary>The status, once nothing more is counted for a reason.</summary>
    private TunnelStatus WaitForQuiet(DropReason reason)
    {
        TunnelStatus status = _device.Device.Status();
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    Thread.Sleep(50);
                    TunnelStatus before = status;
                    status = _device.Device.Status();
                    return status.Drops.TryGetValue(reason, out long count) && count == before.Drops.GetValueOrDefault(reason);
                },
                Patience),
            $"Nothing is counted as {reason}, or without end.");
        return status;
    }

    /// <summary>Gives the device a peer at an address, and waits for what is told of the message to it.</summary>
    private void AssertFails(string address, int errno)
    {
        Assert.True(IpEndpoint.TryParse(address, out IpEndpoint endpoint));
        using var key = Core.Keys.PrivateKey.Generate(new SystemRandom());

        _device.Device.Apply(new DeviceChange
        {
            PrivateKey = key,
            Peers = [new PeerChange { PublicKey = TestDevice.SomeKey(9), Endpoint = endpoint, PersistentKeepaliveSeconds = 25 }],
        });

        TunnelEvent failed = WaitFor(TunnelEventKind.SendFailed);
        Assert.Equal((errno, endpoint, TestDevice.SomeKey(9)), ((int)failed.Number, failed.Remote, failed.Peer!.Value));
    }

    private TunnelEvent WaitFor(TunnelEventKind kind)
    {
        var found = new TunnelEvent[1];
        Assert.True(
            SpinWait.SpinUntil(() => _device.Device.Journal.CopyRecent(kind, default, found) == 1, Patience), $"There is no {kind}.");
        return found[0];
    }

    private sealed class SystemRandom : Core.IEntropy
    {
        public void Fill(Span<byte> destination) => System.Security.Cryptography.RandomNumberGenerator.Fill(destination);
    }
}
