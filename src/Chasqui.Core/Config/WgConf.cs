using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>A configuration as stock <c>wg</c> reads it from a file or from the words of <c>wg set</c>.</summary>
/// <remarks>
/// Ownership: holds secrets, which <see cref="Dispose"/> zeroes. The changes it makes share them and are valid as long as it is.
/// Source: wg(8); wireguard-tools config.c, setconf.c.
/// </remarks>
public sealed class WgConf : IDisposable
{
    private readonly List<WgConfPeer> _peers = [];
    private readonly PrivateKey _noPrivateKey = new(new byte[Keys.PrivateKey.Length]);
    private readonly PresharedKey _noPresharedKey = new(new byte[Keys.PresharedKey.Length]);

    internal WgConf()
    {
    }

    /// <summary>The private key; all zeros removes it, null says nothing about it.</summary>
    public PrivateKey? PrivateKey { get; internal set; }

    /// <summary>The UDP port, 0 for any; null says nothing about it.</summary>
    public ushort? ListenPort { get; internal set; }

    /// <summary>The mark of outgoing datagrams, 0 for none; null says nothing about it.</summary>
    public uint? FwMark { get; internal set; }

    /// <summary>The peers in order. One public key may occur more than once.</summary>
    public IReadOnlyList<WgConfPeer> Peers => _peers;

    /// <summary>What was taken, but hardly meant.</summary>
    public IReadOnlyList<ConfigWarning> Warnings { get; internal set; } = [];

    /// <summary>The name of the file that was read, or null.</summary>
    public string? File { get; internal init; }

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="ConfigException">Stock <c>wg</c> refuses the file.</exception>
    public static WgConf Parse(ReadOnlySpan<char> text, WgConfOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return WgConfReader.Read(text, options, isBytes: false);
    }

    /// <summary>Reads a file's bytes in whatever encoding, so that stock's messages give back what was in it.</summary>
    /// <exception cref="ConfigException">Stock <c>wg</c> refuses the file.</exception>
    public static WgConf Parse(ReadOnlySpan<byte> bytes, WgConfOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        char[] text = GC.AllocateUninitializedArray<char>(bytes.Length, pinned: true);
        try
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                text[i] = (char)bytes[i];
            }

            return WgConfReader.Read(text, options, isBytes: true);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    /// <summary>Finds the addresses of the endpoints that are still names.</summary>
    /// <param name="resolver">Called once for each.</param>
    /// <returns>The peers whose names were not found; empty if all were.</returns>
    public IReadOnlyList<WgConfPeer> ResolveEndpoints(EndpointResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        List<WgConfPeer> missing = [];
        foreach (WgConfPeer peer in _peers)
        {
            if (peer.Endpoint is not { } endpoint || peer.ResolvedEndpoint is not null)
            {
                continue;
            }

            EndpointResolution resolution = resolver(endpoint);
            if (resolution.Failure is null)
            {
                peer.ResolvedEndpoint = resolution.Endpoint;
            }
            else
            {
                missing.Add(peer);
            }
        }

        return missing;
    }

    /// <summary>What <c>wg setconf</c> sends: everything is replaced, what the file does not say is turned off.</summary>
    /// <remarks>Endpoints that are not resolved are left out.</remarks>
    public DeviceChange ToSetChange() => new()
    {
        PrivateKey = PrivateKey ?? _noPrivateKey,
        ListenPort = ListenPort ?? 0,
        FwMark = FwMark ?? 0,
        ReplacePeers = true,
        Peers = PeerChanges(),
    };

    /// <summary>What <c>wg addconf</c> and <c>wg set</c> send: what is said, and nothing else.</summary>
    /// <remarks>Endpoints that are not resolved are left out.</remarks>
    public DeviceChange ToAddChange() => new()
    {
        PrivateKey = PrivateKey,
        ListenPort = ListenPort,
        FwMark = FwMark,
        Peers = PeerChanges(),
    };

    /// <summary>What <c>wg syncconf</c> sends: the whole file, and the removal of what the device has and the file has not.</summary>
    /// <remarks>
    /// Strange peers go first, from the highest public key down. A preshared key or a keepalive that only the device has is turned off.
    /// With no peers in the file, or none on the device, it is what <c>setconf</c> sends. <see cref="ConfigDiff"/> sends less.
    /// </remarks>
    /// <param name="running">The device as it is.</param>
    public DeviceChange ToSyncChange(DeviceSnapshot running)
    {
        ArgumentNullException.ThrowIfNull(running);
        if (_peers.Count == 0 || running.Peers.Count == 0)
        {
            return ToSetChange();
        }

        return new DeviceChange
        {
            PrivateKey = PrivateKey ?? _noPrivateKey,
            ListenPort = ListenPort ?? 0,
            FwMark = FwMark ?? 0,
            Peers = SyncChanges(running.Peers),
        };
    }

    /// <summary>The names of endpoints, for a device that resolves them by itself; to be sent after the configuration.</summary>
    /// <remarks>
    /// An operation of its own, since a daemon that does not know the key refuses the operation that holds it. Peers that are not there
    /// are not added.
    /// </remarks>
    /// <param name="services">Finds the ports of service names; null knows none.</param>
    /// <returns>Null if every endpoint is an address.</returns>
    public DeviceChange? ToNameChange(ServiceResolver? services)
    {
        Dictionary<PublicKey, EndpointName> names = [];
        foreach (WgConfPeer peer in _peers)
        {
            if (peer is { Remove: false, Endpoint: { } endpoint } && endpoint.TryGetName(services, out EndpointName name))
            {
                names[peer.PublicKey] = name;
            }
            else if (peer.Remove || peer.Endpoint is not null)
            {
                _ = names.Remove(peer.PublicKey); // what a later section says counts
            }
        }

        List<PeerChange> changes = new(names.Count);
        foreach ((PublicKey key, EndpointName name) in names)
        {
            changes.Add(new PeerChange { PublicKey = key, UpdateOnly = true, EndpointName = name });
        }

        return changes.Count == 0 ? null : new DeviceChange { Peers = changes };
    }

    /// <summary>Zeroes the secrets.</summary>
    public void Dispose()
    {
        PrivateKey?.Dispose();
        foreach (WgConfPeer peer in _peers)
        {
            peer.PresharedKey?.Dispose();
        }
    }

    internal void Add(WgConfPeer peer) => _peers.Add(peer);

    private PeerChange[] PeerChanges()
    {
        var changes = new PeerChange[_peers.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = _peers[i].ToChange(_peers[i].PresharedKey, _peers[i].PersistentKeepaliveSeconds);
        }

        return changes;
    }

    private PeerChange[] SyncChanges(IReadOnlyList<PeerSnapshot> running)
    {
        // What is left in the table after the file's peers took theirs out is strange to the file.
        var known = new Dictionary<PublicKey, PeerSnapshot>(running.Count);
        foreach (PeerSnapshot peer in running)
        {
            known[peer.PublicKey] = peer;
        }

        List<PeerChange> changes = [];
        foreach (WgConfPeer peer in _peers)
        {
            _ = known.Remove(peer.PublicKey, out PeerSnapshot? before);
            PresharedKey? presharedKey = peer.PresharedKey ?? (before?.PresharedKey is { IsZero: false } ? _noPresharedKey : null);
            ushort? keepalive = peer.PersistentKeepaliveSeconds ?? (before?.PersistentKeepaliveSeconds is > 0 ? (ushort)0 : null);
            changes.Add(peer.ToChange(presharedKey, keepalive));
        }

        PublicKey[] strange = [.. known.Keys];
        Array.Sort(strange, static (left, right) => right.AsSpan().SequenceCompareTo(left.AsSpan()));
        return [.. Array.ConvertAll(strange, static key => new PeerChange { PublicKey = key, Remove = true }), .. changes];
    }
}
