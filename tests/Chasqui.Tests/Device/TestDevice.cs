using System.Net;
using System.Net.Sockets;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Names;

namespace Chasqui.Tests.Device;

/// <summary>A real device: its sockets in one namespace, its interface in the same or another.</summary>
internal sealed class TestDevice : IDisposable
{
    internal TestDevice(Sandbox home, Sandbox place, string interfaceName, int lanes = 1, int workers = 0)
    {
        Home = home;
        Place = place;
        InterfaceName = interfaceName;
        Log = new RecordingLogger();
        var tun = place.CreateTun(interfaceName, lanes);
        Device = home.Run(() => new WireGuardDevice(tun, Log, null, NameResolver.Resolve, workers));
    }

    internal TestDevice(Sandbox home)
        : this(home, home, "wg0")
    {
    }

    internal WireGuardDevice Device { get; }

    internal RecordingLogger Log { get; }

    /// <summary>Where its sockets are.</summary>
    internal Sandbox Home { get; }

    internal Sandbox Place { get; }

    internal string InterfaceName { get; }

    internal ushort Port
    {
        get
        {
            using DeviceSnapshot snapshot = Device.Snapshot();
            return snapshot.ListenPort;
        }
    }

    internal static PublicKey SomeKey(byte value)
    {
        byte[] bytes = new byte[PublicKey.Length];
        Array.Fill(bytes, value);
        return new PublicKey(bytes);
    }

    internal static IpPrefix Prefix(string text)
    {
        Assert.True(IpPrefix.TryParse(text, out IpPrefix prefix), text);
        return prefix;
    }

    /// <summary>Takes a UDP port in a namespace.</summary>
    internal static Socket Occupy(Sandbox place, int port) => place.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    });

    internal void Up() => Place.Ip($"link set {InterfaceName} up");

    internal void Down() => Place.Ip($"link set {InterfaceName} down");

    /// <summary>The end that it comes to by itself.</summary>
    internal DeviceExit WaitForExit()
    {
        Assert.True(Device.Exit.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken), "The device does not end.");
        return Device.Exit.Result;
    }

    public void Dispose() => Device.Dispose();
}
