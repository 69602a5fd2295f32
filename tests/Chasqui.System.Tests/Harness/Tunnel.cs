using System.Net.Sockets;

namespace Chasqui.System.Tests.Harness;

/// <summary>Two daemons, each the other's peer, in one of two topologies.</summary>
internal sealed class Tunnel : IDisposable
{
    public const string VethAddressA4 = "10.0.0.1";
    public const string VethAddressA6 = "fd00:aa::1";
    public const string VethAddressB4 = "10.0.0.2";
    public const string VethAddressB6 = "fd00:aa::2";

    private readonly Stack<IDisposable> _owned = new();
    private readonly IReadOnlyList<string> _tool;

    private Tunnel(IReadOnlyList<string> tool) => _tool = tool;

    public TunnelEnd A { get; private set; } = null!;

    public TunnelEnd B { get; private set; } = null!;

    /// <summary>
    /// Both daemons are born in one namespace, where their datagrams cross its loopback; each interface moves to a namespace of its own
    /// in the command right after its daemon returned.
    /// </summary>
    public static Tunnel OverLoopback(Implementation a, Implementation b)
    {
        Programs.Require(a, b);
        return Make([], tunnel =>
        {
            var middle = tunnel.NewNamespace();
            tunnel.A = tunnel.NewEnd(a, middle, tunnel.NewNamespace(), 1);
            tunnel.B = tunnel.NewEnd(b, middle, tunnel.NewNamespace(), 2);
        });
    }

    /// <summary>Two hosts and a cable with addresses of both families; nothing else is in between.</summary>
    public static Tunnel OverVeth(Implementation a, Implementation b) => Cabled(a, b, []);

    /// <summary>Two of our daemons over a cable, each inside <paramref name="tool"/>, configured, and a first echo has crossed it.</summary>
    public static Tunnel UpInside(IReadOnlyList<string> tool) =>
        Cabled(Implementation.Chasqui, Implementation.Chasqui, tool).Up(null, VethAddressA4, VethAddressB4);

    /// <summary>As <see cref="OverLoopback"/>, configured, and a first echo has crossed it.</summary>
    public static Tunnel UpOverLoopback(
        Implementation a, Implementation b, AddressFamily outer = AddressFamily.InterNetwork, string? presharedKey = null)
    {
        var host = outer == AddressFamily.InterNetwork ? "127.0.0.1" : "[::1]";
        return OverLoopback(a, b).Up(presharedKey, host, host);
    }

    /// <summary>As <see cref="OverVeth"/>, configured, and a first echo has crossed it.</summary>
    public static Tunnel UpOverVeth(
        Implementation a, Implementation b, AddressFamily outer = AddressFamily.InterNetwork, string? presharedKey = null) =>
        outer == AddressFamily.InterNetwork
            ? OverVeth(a, b).Up(presharedKey, VethAddressA4, VethAddressB4)
            : OverVeth(a, b).Up(presharedKey, $"[{VethAddressA6}]", $"[{VethAddressB6}]");

    /// <summary>Configures both ends; a <see langword="null"/> host leaves that end's endpoint to be learnt.</summary>
    public void Configure(string? presharedKey, string? hostA, string? hostB)
    {
        A.Configure(B, presharedKey, hostB is null ? null : $"{hostB}:{B.Port}");
        B.Configure(A, presharedKey, hostA is null ? null : $"{hostA}:{A.Port}");
    }

    /// <summary>Waits until an echo from A has come back.</summary>
    public void WaitForTraffic() => A.WaitUntilItReaches(B);

    public void Dispose()
    {
        while (_owned.TryPop(out var thing))
        {
            thing.Dispose();
        }
    }

    private static Tunnel Cabled(Implementation a, Implementation b, IReadOnlyList<string> tool)
    {
        Programs.Require(a, b);
        return Make(tool, tunnel =>
        {
            var hostA = tunnel.NewNamespace();
            var hostB = tunnel.NewNamespace();
            NetworkNamespace.Join(hostA, "veth1", hostB, "veth2");
            hostA.Ip($"addr add {VethAddressA4}/24 dev veth1");
            hostA.Ip($"addr add {VethAddressA6}/96 dev veth1 nodad");
            hostB.Ip($"addr add {VethAddressB4}/24 dev veth2");
            hostB.Ip($"addr add {VethAddressB6}/96 dev veth2 nodad");
            tunnel.A = tunnel.NewEnd(a, hostA, hostA, 1);
            tunnel.B = tunnel.NewEnd(b, hostB, hostB, 2);
        });
    }

    private static Tunnel Make(IReadOnlyList<string> tool, Action<Tunnel> build)
    {
        var tunnel = new Tunnel(tool);
        try
        {
            build(tunnel);
            return tunnel;
        }
        catch
        {
            tunnel.Dispose();
            throw;
        }
    }

    private Tunnel Up(string? presharedKey, string hostA, string hostB)
    {
        try
        {
            Configure(presharedKey, hostA, hostB);
            WaitForTraffic();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private NetworkNamespace NewNamespace()
    {
        var made = NetworkNamespace.Create();
        _owned.Push(made);
        return made;
    }

    private TunnelEnd NewEnd(Implementation implementation, NetworkNamespace birth, NetworkNamespace home, int number)
    {
        var daemon = _tool.Count > 0 ? Daemon.StartInside(_tool, birth) : Daemon.Start(implementation, birth);
        _owned.Push(daemon);
        if (home != birth)
        {
            birth.Ip($"link set {daemon.Interface} netns {home.Name}");
        }

        return new TunnelEnd(implementation, daemon, home, number);
    }
}
