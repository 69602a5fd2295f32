using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Names;

namespace Chasqui.Quick.Reload;

/// <summary>What reloading changes of the names of endpoints that the daemon resolves by itself.</summary>
/// <remarks>
/// Names go after the configuration, because an address that is set takes a name away and because stock daemons refuse them. Whether a daemon
/// knows names shows only when it has some: to one that has none, a name is a difference only if the file's text has changed.
/// </remarks>
internal sealed class NameReload
{
    private readonly Dictionary<PublicKey, (EndpointName Before, EndpointName Wanted)> _differences = [];
    private readonly List<PeerChange> _wanted = [];
    private readonly List<PeerChange> _before = [];

    private NameReload()
    {
    }

    /// <summary>Whether there is something to do, even if nothing else is configured.</summary>
    internal bool IsDifferent => _differences.Count > 0;

    /// <summary>The names to send after configuring; no peers if there are none.</summary>
    internal DeviceChange Wanted => new() { Peers = _wanted };

    /// <summary>The names to send after that is undone.</summary>
    internal DeviceChange Before => new() { Peers = _before };

    internal static NameReload Of(DeviceReload device, WgConf file)
    {
        Dictionary<PublicKey, EndpointName> running = [];
        foreach (PeerSnapshot peer in device.Running.Peers)
        {
            running[peer.PublicKey] = peer.EndpointName;
        }

        HashSet<PublicKey> touched = [.. device.Peers.Where(static peer => peer.Endpoint is not null).Select(static peer => peer.PublicKey)];
        var reload = new NameReload();
        foreach (WgConfPeer peer in file.Peers)
        {
            EndpointName wanted = default;
            bool isName = peer.Endpoint is { } endpoint && endpoint.TryGetName(EndpointLookup.FindPort, out wanted);
            bool isThere = running.TryGetValue(peer.PublicKey, out EndpointName before);
            bool isSaid = isThere && (!before.IsNone || (device.Endpoints.HasNote && !device.Endpoints.IsSameText(peer.PublicKey)));
            reload.Add(peer.PublicKey, before, isName ? wanted : default, isSaid, isThere, touched.Contains(peer.PublicKey));
        }

        return reload;
    }

    /// <summary>The name that a peer has and the one that its file gives it, if these differ.</summary>
    internal bool TryFind(PublicKey key, out (EndpointName Before, EndpointName Wanted) names) => _differences.TryGetValue(key, out names);

    private void Add(PublicKey key, EndpointName before, EndpointName wanted, bool isSaid, bool isThere, bool isTouched)
    {
        if (wanted != before && isSaid)
        {
            _differences[key] = (before, wanted);
        }

        if (wanted != before || (isTouched && !wanted.IsNone))
        {
            _wanted.Add(new PeerChange { PublicKey = key, UpdateOnly = true, EndpointName = wanted });
        }

        if (isThere && (wanted != before || (isTouched && !before.IsNone)))
        {
            _before.Add(new PeerChange { PublicKey = key, UpdateOnly = true, EndpointName = before });
        }
    }
}
