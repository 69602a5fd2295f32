using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Quick.Reload;

/// <summary>The differences of the peers.</summary>
internal sealed class PeerDiff
{
    private readonly DeviceReload _device;
    private readonly NameReload _endpointNames;
    private readonly DiffText _text;
    private readonly Dictionary<PublicKey, PeerSnapshot> _running = [];
    private readonly Dictionary<PublicKey, PeerChange> _changes = [];
    private readonly Dictionary<PublicKey, IpEndpoint> _roamed = [];
    private readonly IReadOnlyDictionary<PublicKey, string> _names;

    internal PeerDiff(QuickComparison comparison, DiffText text)
    {
        _device = comparison.Device;
        _endpointNames = comparison.Names;
        _text = text;
        foreach (PeerSnapshot peer in _device.Running.Peers)
        {
            _running[peer.PublicKey] = peer;
        }

        foreach (PeerChange change in _device.Peers)
        {
            _changes[change.PublicKey] = change;
        }

        foreach ((WgConfPeer peer, IpEndpoint endpoint) in _device.Endpoints.Roamed)
        {
            _roamed[peer.PublicKey] = endpoint;
        }

        _names = PeerNames.Of(ConfDocument.Parse(comparison.File.Text));
    }

    internal void Write()
    {
        foreach (PeerSnapshot peer in _device.Running.Peers)
        {
            if (_device.Outcome.Find(peer.PublicKey) is null)
            {
                Begin(peer.PublicKey);
                WritePeer(peer, null, null);
            }
        }

        foreach (PeerOutcome peer in _device.Outcome.Peers)
        {
            Begin(peer.PublicKey);
            WritePeer(_running.GetValueOrDefault(peer.PublicKey), peer, _changes.GetValueOrDefault(peer.PublicKey));
        }
    }

    private void Begin(PublicKey key) => _text.Begin($"[Peer {_names.GetValueOrDefault(key) ?? key.ToString()}]");

    private void WritePeer(PeerSnapshot? running, PeerOutcome? wanted, PeerChange? change)
    {
        if (running is null || wanted is null)
        {
            _text.Change(ConfKeys.PublicKey, running?.PublicKey.ToString(), wanted?.PublicKey.ToString());
        }

        bool hadSecret = running?.PresharedKey is { IsZero: false };
        if (wanted is null || change?.PresharedKey is not null)
        {
            bool hasSecret = change?.PresharedKey is { IsZero: false };
            _text.Change(ConfKeys.PresharedKey, hadSecret ? DiffText.Secret : null, hasSecret ? DiffText.Secret : null);
        }

        string? before = List(running?.AllowedIps), after = List(wanted?.AllowedIps);
        if (before != after)
        {
            _text.Change(ConfKeys.AllowedIps, before, after);
        }

        WriteEndpoint(running, wanted, change);
        string? keepalive = Seconds(running?.PersistentKeepaliveSeconds), seconds = Seconds(wanted?.KeepaliveSeconds);
        if (keepalive != seconds)
        {
            _text.Change(ConfKeys.PersistentKeepalive, keepalive, seconds);
        }
    }

    private void WriteEndpoint(PeerSnapshot? running, PeerOutcome? wanted, PeerChange? change)
    {
        string? before = running is null || running.Endpoint.IsNone ? null : running.Endpoint.ToString();
        if (wanted is not null && _endpointNames.TryFind(wanted.PublicKey, out (EndpointName Before, EndpointName Wanted) names))
        {
            _text.Change(ConfKeys.Endpoint, Text(names.Before) ?? before, Text(names.Wanted) ?? (change?.Endpoint ?? wanted.Endpoint).ToString());
            return;
        }

        if (wanted is null || running is null || before is null)
        {
            string? after = wanted is null || wanted.Endpoint.IsNone ? null : wanted.Endpoint.ToString();
            if (before != after)
            {
                _text.Change(ConfKeys.Endpoint, before, after);
            }
        }
        else if (change?.Endpoint is { } endpoint)
        {
            // Where a peer has roamed to, or what a name stood for, is no difference between file and interface: only another text is.
            EndpointChoice choice = _device.Endpoints;
            bool isRoamed = choice.IsSameText(wanted.PublicKey) && (choice.IsName(wanted.PublicKey) || choice.HasNote);
            if (isRoamed)
            {
                _text.Note($"the peer is at {before}; reload sets it back to {endpoint}");
            }
            else
            {
                _text.Change(ConfKeys.Endpoint, before, endpoint.ToString());
            }
        }
        else if (_roamed.TryGetValue(wanted.PublicKey, out IpEndpoint roamed))
        {
            _text.Note($"the peer has roamed to {roamed}");
        }
    }

    private static string? Text(EndpointName name) => name.IsNone ? null : name.ToString();

    /// <summary>The list as a file has it; the order does not count.</summary>
    private static string? List(IReadOnlyList<IpPrefix>? prefixes) => prefixes is null || prefixes.Count == 0
        ? null
        : string.Join(", ", prefixes.Select(static prefix => prefix.ToString()).Order(StringComparer.Ordinal));

    private static string? Seconds(ushort? seconds) =>
        seconds is null or 0 ? null : seconds.Value.ToString(CultureInfo.InvariantCulture);
}
