using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>What faults are made of.</summary>
internal static class FaultSteps
{
    /// <summary>Longer than it takes a peer to send a keepalive for data that it does not answer.</summary>
    public static readonly TimeSpan LongerThanAKeepalive = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan AMoment = TimeSpan.FromSeconds(3);

    /// <summary>A fault of a tunnel that is set up, and has not been used.</summary>
    public static Fault Fresh(string name, ExplainCode? left, ExplainCode? right, Action<FaultScene> change) => new(name, left, right, scene =>
    {
        scene.Start();
        change(scene);
    });

    /// <summary>A fault on the way from left to right, who does not know where left is: only left can begin.</summary>
    public static Fault OnTheWay(string name, ExplainCode? left, ExplainCode? right, Action<FaultScene> change) => Fresh(name, left, right, scene =>
    {
        Forget(scene.Right, scene.Left);
        change(scene);
    });

    /// <summary>A fault that comes to a tunnel that works.</summary>
    public static Fault Later(string name, ExplainCode? left, ExplainCode? right, Action<FaultScene> change) => new(name, left, right, scene =>
    {
        scene.StartWorking();
        change(scene);
    });

    /// <summary>Only left tries, for ten seconds.</summary>
    public static void FromLeft(FaultScene scene) => Ping(scene.Left, scene.Right.Inner, 9);

    /// <summary>Only right tries.</summary>
    public static void FromRight(FaultScene scene) => Ping(scene.Right, scene.Left.Inner, 9);

    /// <summary>Both try for a moment.</summary>
    public static void Briefly(FaultScene scene) => scene.Try(AMoment);

    /// <summary>Tries an address some seconds, whether it answers or not.</summary>
    public static void Ping(FaultHost host, string address, int seconds) => host.Network.Try($"ping -n -q -c {seconds} -W 1 {address}");

    /// <summary>The same until the test is over.</summary>
    public static void KeepPinging(FaultHost host, string address) => host.Network.Start($"ping -n -q -i 0.5 {address}");

    public static void ConnectWrongly(FaultHost host, FaultHost other, PrivateKey key)
    {
        host.Change(new PeerChange { PublicKey = other.PublicKey, Remove = true });
        PublicKey wrong = key.DerivePublicKey();
        host.Know(wrong, other.Name);
        host.Change(new PeerChange
        {
            PublicKey = wrong,
            Endpoint = FaultHost.Endpoint($"{other.Outer}:{other.Port}"),
            AllowedIps = FaultHost.Prefixes($"{other.Inner}/32"),
        });
    }

    public static void SetPresharedKey(FaultHost host, FaultHost other, byte first)
    {
        using var key = new PresharedKey([first, .. new byte[31]]);
        host.Change(new PeerChange { PublicKey = other.PublicKey, PresharedKey = key });
    }

    public static void SetEndpoint(FaultHost host, FaultHost other, string endpoint) =>
        host.Change(new PeerChange { PublicKey = other.PublicKey, Endpoint = FaultHost.Endpoint(endpoint) });

    public static void SetAllowedIps(FaultHost host, FaultHost other, params string[] prefixes) =>
        host.Change(new PeerChange { PublicKey = other.PublicKey, ReplaceAllowedIps = true, AllowedIps = FaultHost.Prefixes(prefixes) });

    /// <summary>Makes a host forget where the other is, so that only the other can begin.</summary>
    public static void Forget(FaultHost host, FaultHost other)
    {
        host.Change(new PeerChange { PublicKey = other.PublicKey, Remove = true });
        host.Connect(other, hasEndpoint: false);
    }

    /// <summary>Rules of the packet filter.</summary>
    public static void Filter(NetworkNamespace network, string hook, string rules) =>
        network.Run("nft -f -", $"table inet f {{ chain c {{ type filter hook {hook} priority 0; {rules}; }}; }}\n");
}
