using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>Two machines, left and right, with a router between them, and a tunnel that would work but for what a fault changes.</summary>
internal sealed class FaultScene : IDisposable
{
    public const string LeftOuter = "10.1.0.2", RightOuter = "10.2.0.2";
    public const string LeftLink = "eth0", RightLink = "eth0";

    public FaultScene()
    {
        Router = NetworkNamespace.Create();
        Left = new FaultHost("left", 1, NetworkNamespace.Create()) { Outer = LeftOuter };
        Right = new FaultHost("right", 2, NetworkNamespace.Create()) { Outer = RightOuter };
        Join(Left.Network, "left", "10.1.0");
        Join(Right.Network, "right", "10.2.0");
        Router.SetKnob("ipv4/ip_forward", "1");
    }

    public NetworkNamespace Router { get; }

    public FaultHost Left { get; }

    public FaultHost Right { get; }

    public List<IDisposable> Owned { get; } = [];

    /// <summary>Opens both, with each other as peers.</summary>
    public void Start()
    {
        foreach (var host in new[] { Left, Right })
        {
            host.Open();
            host.Start();
        }

        Left.Connect(Right);
        Right.Connect(Left);
    }

    /// <summary>A tunnel that works, and has been used.</summary>
    public void StartWorking()
    {
        Start();
        Poll.Until(() => Left.Ping(Right.Inner), "the tunnel does not come to work");
    }

    /// <summary>Another machine beside left, with left's keys and addresses inside, and right as its peer.</summary>
    public FaultHost AddTwin()
    {
        var twin = new FaultHost("twin", 1, NetworkNamespace.Create()) { Outer = "10.3.0.2" };
        Owned.Add(twin);
        Owned.Add(twin.Network);
        Join(twin.Network, "twin", "10.3.0");
        twin.Open();
        twin.Start();
        twin.Connect(Right);
        return twin;
    }

    /// <summary>Somebody on the way to right who keeps all messages.</summary>
    public MessageRelay AddRelay()
    {
        var relay = new MessageRelay(Router, "10.1.0.1", "10.2.0.1", $"{Right.Outer}:{Right.Port}");
        Owned.Add(relay);
        return relay;
    }

    /// <summary>Tries from both ends for some seconds, as people do.</summary>
    public void Try(TimeSpan time)
    {
        var until = DateTime.UtcNow + time;
        while (DateTime.UtcNow < until)
        {
            Left.Network.Try($"ping -n -q -c 1 -W 1 {Right.Inner}");
            Right.Network.Try($"ping -n -q -c 1 -W 1 {Left.Inner}");
        }
    }

    public void Dispose()
    {
        Owned.ForEach(thing => thing.Dispose());
        foreach (var host in new[] { Left, Right })
        {
            host.Dispose();
            host.Network.Dispose();
        }

        Router.Dispose();
    }

    private void Join(NetworkNamespace host, string link, string network)
    {
        NetworkNamespace.Join(host, LeftLink, Router, link);
        host.Ip($"addr add {network}.2/24 dev {LeftLink}");
        Router.Ip($"addr add {network}.1/24 dev {link}");
        host.Ip($"route add default via {network}.1");
    }
}
