using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>One machine of a fault's scene: a namespace, our device in this process, a key that is always the same.</summary>
internal sealed class FaultHost : IDisposable
{
    /// <summary>The tunnel's interface: each machine has a namespace of its own, so that all have the same name.</summary>
    public const string Interface = "wg0";

    public const int InnerMtu = 1420;

    private readonly Dictionary<PublicKey, string> _names = [];

    public FaultHost(string name, byte number, NetworkNamespace network)
    {
        Name = name;
        Network = network;
        Key = KeyOf(number);
        Inner = $"10.9.0.{number}";
        Port = (ushort)(number * 10000);
    }

    public string Name { get; }

    public NetworkNamespace Network { get; }

    public PrivateKey Key { get; set; }

    public PublicKey PublicKey => Key.DerivePublicKey();

    public string Inner { get; }

    public ushort Port { get; set; }

    /// <summary>The address outside of the tunnel.</summary>
    public string Outer { get; set; } = "";

    /// <summary>Who runs the interface; before <see cref="Open"/>.</summary>
    public Func<FaultHost, IFaultEngine> RunBy { get; set; } = DeviceEngine.Open;

    public IFaultEngine Engine { get; private set; } = null!;

    /// <summary>Peers whose paths <see cref="Explain"/> measures.</summary>
    public List<PublicKey> Measured { get; } = [];

    /// <summary>A key that is the same in every run: what is printed of it is too.</summary>
    public static PrivateKey KeyOf(byte number) => new([number, .. Enumerable.Range(1, 31).Select(i => (byte)((i * 7) + number))]);

    /// <summary>Makes the interface.</summary>
    public void Open() => Engine = RunBy(this);

    /// <summary>Key, port, address, and up.</summary>
    public void Start()
    {
        Engine.Apply(new DeviceChange { PrivateKey = Key, ListenPort = Port });
        Network.Ip($"addr add {Inner}/32 dev {Interface}");
        Network.Ip($"link set {Interface} up");
        Poll.Until(() => Network.UdpPorts().Contains(Port), $"{Name} does not listen on {Port}");
    }

    /// <summary>Makes another machine a peer, with a route to it.</summary>
    public void Connect(FaultHost other, bool hasEndpoint = true)
    {
        Network.Ip($"route replace {other.Inner}/32 dev {Interface}");
        Change(new PeerChange
        {
            PublicKey = Know(other),
            Endpoint = hasEndpoint ? Endpoint($"{other.Outer}:{other.Port}") : null,
            ReplaceAllowedIps = true,
            AllowedIps = Prefixes($"{other.Inner}/32"),
        });
    }

    /// <summary>Gives a peer's key the name of its machine.</summary>
    public PublicKey Know(FaultHost other)
    {
        _names[other.PublicKey] = other.Name;
        return other.PublicKey;
    }

    public void Know(PublicKey key, string name) => _names[key] = name;

    public void Change(params PeerChange[] changes) => Engine.Apply(new DeviceChange { Peers = [.. changes] });

    public static IpEndpoint Endpoint(string text)
    {
        Assert.True(IpEndpoint.TryParse(text, out var endpoint), text);
        return endpoint;
    }

    public static AllowedIpChange[] Prefixes(params string[] texts) => [.. texts.Select(text =>
    {
        Assert.True(IpPrefix.TryParse(text, out var prefix), text);
        return new AllowedIpChange(prefix, false);
    })];

    /// <summary>What <c>explain</c> says here.</summary>
    public ExplainReport Explain() => Network.Inside(() => Engine.Explain(_names, Measured));

    public bool Ping(string address) => Network.Ping(address);

    public void Close() => Engine?.Dispose();

    public void Dispose()
    {
        Close();
        Key.Dispose();
    }
}
