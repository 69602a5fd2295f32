using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Scripts;

/// <summary>What a configuration comes to: the values that count, as both of its readers see them.</summary>
/// <remarks>Ownership: holds the secrets of its <see cref="WgConf"/>, which <see cref="Dispose"/> zeroes.</remarks>
internal sealed class TunnelEnd : IDisposable
{
    private readonly WgConf _device;
    private readonly List<TunnelEndPeer> _peers = [];
    private readonly Dictionary<IpPrefix, TunnelEndPeer> _owners = [];

    private TunnelEnd(string interfaceName, string conf)
    {
        Name = interfaceName;
        Document = ConfDocument.Parse(conf);
        Quick = QuickConf.Parse(Document, null);
        Addresses = Quick.ReadAddresses();
        Mtu = Quick.ReadMtu();
        _device = WgConf.Parse(Quick.StripInPlace(), new WgConfOptions());
        ReadPeers();
    }

    /// <summary>The interface's name.</summary>
    internal string Name { get; }

    internal ConfDocument Document { get; }

    internal QuickConf Quick { get; }

    internal IReadOnlyList<QuickAddress> Addresses { get; }

    /// <summary>The MTU; null for the automatic one.</summary>
    internal int? Mtu { get; }

    /// <summary>The port; null for any.</summary>
    internal ushort? ListenPort => _device.ListenPort is 0 ? null : _device.ListenPort;

    /// <summary>The mark; null for none.</summary>
    internal uint? FwMark => _device.FwMark is 0 ? null : _device.FwMark;

    /// <summary>The private key; null if it is made elsewhere.</summary>
    internal PrivateKey? PrivateKey => _device.PrivateKey is { IsZero: false } key ? key : null;

    /// <summary>Each peer once, in order, with what its last section says.</summary>
    internal IReadOnlyList<TunnelEndPeer> Peers => _peers;

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="ConfigException">A stock tool would refuse it.</exception>
    internal static TunnelEnd Read(string interfaceName, string conf) => new(interfaceName, conf);

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    /// <summary>What has to be routed into the interface, as wg-quick(8) does: allowed addresses out of its own networks.</summary>
    /// <remarks>Another table than the main one gets all of them.</remarks>
    /// <returns>The longest first; those of length 0 last.</returns>
    internal List<IpPrefix> FindRoutes()
    {
        List<IpPrefix> routes = [];
        foreach (TunnelEndPeer peer in _peers)
        {
            foreach (IpPrefix prefix in peer.AllowedIps)
            {
                if (prefix.Length == 0 || Quick.Table is not null || !Addresses.Any(address => Covers(address.Prefix, prefix)))
                {
                    routes.Add(prefix);
                }
            }
        }

        routes.Sort(static (left, right) => right.Length != left.Length
            ? right.Length.CompareTo(left.Length)
            : string.CompareOrdinal(left.ToString(), right.ToString()));
        return routes;
    }

    /// <summary>Whether all of one prefix lies in another.</summary>
    internal static bool Covers(IpPrefix outer, IpPrefix inner) => outer.Length <= inner.Length && outer.Contains(inner.Address);

    /// <summary>Says where a value stands.</summary>
    internal static string Place(int line, string key) => string.Create(CultureInfo.InvariantCulture, $"line {line}: {key}: ");

    private void ReadPeers()
    {
        Dictionary<int, string?> names = [];
        foreach (ConfSection section in Document.Peers)
        {
            names[section.Number] = section.Name;
        }

        var byKey = new Dictionary<PublicKey, TunnelEndPeer>();
        foreach (WgConfPeer conf in _device.Peers)
        {
            if (!byKey.TryGetValue(conf.PublicKey, out TunnelEndPeer? peer))
            {
                peer = new TunnelEndPeer(conf.PublicKey);
                byKey[conf.PublicKey] = peer;
                _peers.Add(peer);
            }

            if (conf.ReplaceAllowedIps)
            {
                peer.AllowedIps.ForEach(prefix => _owners.Remove(prefix));
            }

            peer.Take(conf, names.GetValueOrDefault(conf.Line));
            foreach (AllowedIpChange change in conf.AllowedIps)
            {
                Give(peer, change);
            }
        }
    }

    /// <summary>A prefix has one owner: the last peer that names it.</summary>
    private void Give(TunnelEndPeer peer, AllowedIpChange change)
    {
        TunnelEndPeer? owner = _owners.GetValueOrDefault(change.Prefix);
        if (change.Remove ? owner != peer : owner == peer)
        {
            return;
        }

        _ = owner?.AllowedIps.Remove(change.Prefix);
        if (change.Remove)
        {
            _ = _owners.Remove(change.Prefix);
            return;
        }

        _owners[change.Prefix] = peer;
        peer.AllowedIps.Add(change.Prefix);
    }
}
