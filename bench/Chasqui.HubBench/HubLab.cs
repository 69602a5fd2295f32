using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Chasqui.Core.Keys;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;

namespace Chasqui.HubBench;

/// <summary>Two namespaces, a cable between them, and a daemon with all its peers in the first. Takes everything away again.</summary>
internal sealed class HubLab : IDisposable
{
    private readonly string _hub = $"chb{Environment.ProcessId}-hub";
    private readonly string _world = $"chb{Environment.ProcessId}-world";
    private readonly string _interface = $"chb{Environment.ProcessId % 100_000}";
    private Process? _daemon;

    /// <summary>Makes the two hosts.</summary>
    internal HubLab()
    {
        try
        {
            foreach (string name in (ReadOnlySpan<string>)[_hub, _world])
            {
                Shell.Run($"ip netns add {name}");
                Shell.Run($"ip -n {name} link set lo up");
            }

            Shell.Run($"ip link add {_interface}h netns {_hub} type veth peer name {_interface}w netns {_world}");
            Shell.Run($"ip -n {_hub} address add 192.0.2.1/24 dev {_interface}h");
            Shell.Run($"ip -n {_world} address add 192.0.2.2/24 dev {_interface}w");
            Shell.Run($"ip -n {_hub} link set {_interface}h up");
            Shell.Run($"ip -n {_world} link set {_interface}w up");
            Count(_hub, "ip daddr 10.255.255.254");
            Count(_world, $"udp sport {Addresses.Port} meta length > 200");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Starts a daemon, gives it its peers and its address.</summary>
    internal void Start(Settings settings, Scenario scenario, byte[] key, ReadOnlySpan<PublicKey> peers)
    {
        Environment.SetEnvironmentVariable("CHASQUI_QUEUES", scenario.Queues == 0 ? null : scenario.Queues.ToString(CultureInfo.InvariantCulture));
        string path = $"/var/run/wireguard/{_interface}.sock";
        _daemon = Shell.Start($"ip netns exec {_hub} taskset -c {settings.DaemonCpus} {settings.Daemon} -f {_interface}", captures: false);
        for (int i = 0; i < 200 && !File.Exists(path); i++)
        {
            Thread.Sleep(50);
        }

        Configure(path, scenario, key, peers);
        Shell.Run($"ip -n {_hub} link set {_interface} mtu 1420 up");
        Shell.Run($"ip -n {_hub} address add 10.255.255.254/8 dev {_interface}");
    }

    /// <summary>Ends the daemon; its interface goes with it.</summary>
    internal void Stop()
    {
        if (_daemon is { HasExited: false })
        {
            _daemon.Kill();
            _daemon.WaitForExit();
        }

        _daemon?.Dispose();
        _daemon = null;
        File.Delete($"/var/run/wireguard/{_interface}.sock");
    }

    /// <summary>Runs something on the peers' side.</summary>
    internal T InWorld<T>(Func<T> work) => In(_world, work);

    /// <summary>Runs something on the hub's side.</summary>
    internal T InHub<T>(Func<T> work) => In(_hub, work);

    /// <summary>Inner packets and their bytes that came to the hub's address.</summary>
    internal (long Packets, long Bytes) DeliveredToHub() => Counter(_hub);

    /// <summary>Outer packets and their bytes that came to the peers' side.</summary>
    internal (long Packets, long Bytes) DeliveredToWorld() => Counter(_world);

    /// <summary>Processor time of all the daemon's threads in nanoseconds.</summary>
    internal long DaemonNanoseconds()
    {
        long sum = 0;
        foreach (string task in Directory.EnumerateDirectories($"/proc/{_daemon!.Id}/task"))
        {
            sum += long.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
        }

        return sum;
    }

    /// <summary>Peak resident memory of the daemon in KiB.</summary>
    internal long DaemonPeakKibibytes()
    {
        foreach (string line in File.ReadLines($"/proc/{_daemon!.Id}/status"))
        {
            if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    /// <summary>Bytes, by the kernel's accounting, that wait in the daemon's fullest socket.</summary>
    internal long WaitingBytes()
    {
        long most = 0;
        foreach (string line in File.ReadLines($"/proc/{_daemon!.Id}/net/udp"))
        {
            int at = line.IndexOf(":CA6C ", StringComparison.Ordinal); // 51820
            if (at >= 0)
            {
                string queues = line[(at + 6)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
                most = Math.Max(most, long.Parse(queues.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            }
        }

        return most;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        foreach (string name in (ReadOnlySpan<string>)[_hub, _world])
        {
            if (File.Exists($"/run/netns/{name}"))
            {
                Shell.Run($"ip netns delete {name}");
            }
        }
    }

    private static T In<T>(string name, Func<T> work)
    {
        using FileDescriptor place = NetworkNamespace.Open($"/run/netns/{name}");
        return NetworkNamespace.Run(place, work);
    }

    private static void Count(string name, string match)
    {
        Shell.Run($"ip netns exec {name} nft add table inet bench");
        Shell.Run($"ip netns exec {name} nft add chain inet bench raw {{ type filter hook prerouting priority -300 ; }}");
        Shell.Run($"ip netns exec {name} nft add rule inet bench raw {match} counter drop");
    }

    private static (long Packets, long Bytes) Counter(string name)
    {
        string[] words = Shell.Run($"ip netns exec {name} nft list chain inet bench raw").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, "counter");
        return (long.Parse(words[at + 2], CultureInfo.InvariantCulture), long.Parse(words[at + 4], CultureInfo.InvariantCulture));
    }

    private static void Configure(string path, Scenario scenario, byte[] key, ReadOnlySpan<PublicKey> peers)
    {
        var text = new StringBuilder($"set=1\nprivate_key={Convert.ToHexStringLower(key)}\nlisten_port={Addresses.Port}\n");
        int number = 0;
        foreach (PublicKey peer in peers)
        {
            text.Append(CultureInfo.InvariantCulture, $"public_key={Convert.ToHexStringLower(peer.AsSpan())}\n");
            for (int i = 0; i < scenario.PrefixesPerPeer; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"allowed_ip={Addresses.Value(Addresses.Inner(number++))}/32\n");
            }
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        _ = socket.Send(Encoding.ASCII.GetBytes(text.Append('\n').ToString()));
        var answer = new byte[64];
        string reply = Encoding.ASCII.GetString(answer, 0, socket.Receive(answer));
        if (reply != "errno=0\n\n")
        {
            throw new InvalidOperationException($"the daemon says {reply}");
        }
    }
}
