using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Names;

namespace Chasqui.Quick.Reload;

/// <summary>Which peers keep the endpoint that they have, and which get the one of their file.</summary>
/// <remarks>
/// A peer keeps an endpoint that is one of those that the file's stands for. It keeps another, having roamed, as long as its session works
/// and the file's text is what it was. What the text was is known from the note; without one it counts as the same.
/// Names are looked up only where the answer matters, and none that fails keeps anything else from being done.
/// </remarks>
internal sealed class EndpointChoice
{
    // A session older than this is dead: REJECT_AFTER_TIME. Source: whitepaper, section 6.1.
    private const long SessionNanoseconds = 180_000_000_000;

    private readonly Dictionary<PublicKey, PeerSnapshot> _running = [];
    private readonly Dictionary<string, IReadOnlyList<IpEndpoint>> _answers = [];
    private readonly Dictionary<PublicKey, WgConfPeer> _wanted = [];
    private readonly QuickNote? _note;
    private readonly long _nowUnixNanoseconds;

    /// <summary>Prepares the choice.</summary>
    /// <param name="running">The device as it is.</param>
    /// <param name="wanted">The file, whose names are resolved here.</param>
    /// <param name="note">What was last made of the file, or null.</param>
    /// <param name="lookup">Looks a name up, once; empty if it has no address.</param>
    /// <param name="nowUnixNanoseconds">Wall time.</param>
    internal EndpointChoice(
        DeviceSnapshot running, WgConf wanted, QuickNote? note, Func<ConfEndpoint, IReadOnlyList<IpEndpoint>> lookup, long nowUnixNanoseconds)
    {
        _note = note;
        _nowUnixNanoseconds = nowUnixNanoseconds;
        foreach (PeerSnapshot peer in running.Peers)
        {
            _running[peer.PublicKey] = peer;
        }

        foreach (WgConfPeer peer in wanted.Peers)
        {
            _wanted[peer.PublicKey] = peer;
            if (peer.Endpoint is { } endpoint && peer.ResolvedEndpoint is null && !IsRoaming(peer) && !_answers.ContainsKey(endpoint.Text))
            {
                _answers[endpoint.Text] = lookup(endpoint);
            }
        }

        _ = wanted.ResolveEndpoints(endpoint => _answers.TryGetValue(endpoint.Text, out IReadOnlyList<IpEndpoint>? answer) && answer.Count > 0
            ? EndpointResolution.Found(answer[0])
            : EndpointResolution.NotFound(""));
    }

    /// <summary>Whether it is known what the file's endpoints were.</summary>
    internal bool HasNote => _note is not null;

    /// <summary>The peers whose names were looked up without an answer.</summary>
    internal IEnumerable<WgConfPeer> Unresolved => _wanted.Values.Where(
        peer => peer.Endpoint is { } endpoint && _answers.TryGetValue(endpoint.Text, out IReadOnlyList<IpEndpoint>? answer) && answer.Count == 0);

    /// <summary>The peers that have a numeric endpoint in the file, and another one.</summary>
    internal IEnumerable<(WgConfPeer Peer, IpEndpoint Endpoint)> Roamed => _wanted.Values
        .Where(peer => peer.Endpoint is not null && !IsName(peer.PublicKey) && Running(peer) is { } endpoint && endpoint != peer.ResolvedEndpoint)
        .Select(peer => (peer, Running(peer)!.Value));

    /// <summary>Whether a peer that is to have another endpoint keeps the one that it has.</summary>
    internal bool IsKept(PublicKey key)
    {
        WgConfPeer peer = _wanted[key];
        if (Running(peer) is not { } endpoint)
        {
            return false;
        }

        bool isOneOfThem = peer.ResolvedEndpoint == endpoint
            || (_answers.TryGetValue(peer.Endpoint!.Value.Text, out IReadOnlyList<IpEndpoint>? answers) && answers.Contains(endpoint));
        return isOneOfThem || IsRoaming(peer);
    }

    /// <summary>Whether the file's endpoint is the one that was carried out last, as far as that is known.</summary>
    internal bool IsSameText(PublicKey key) => IsSameText(_wanted[key]);

    /// <summary>Whether the file's endpoint is a name.</summary>
    internal bool IsName(PublicKey key) => _wanted[key].Endpoint is { } endpoint && !endpoint.TryGetAddress(EndpointLookup.FindPort, out _);

    private IpEndpoint? Running(WgConfPeer peer) =>
        _running.TryGetValue(peer.PublicKey, out PeerSnapshot? running) && !running.Endpoint.IsNone ? running.Endpoint : null;

    private bool IsRoaming(WgConfPeer peer) =>
        Running(peer) is not null
        && _nowUnixNanoseconds - _running[peer.PublicKey].LastHandshakeUnixNanoseconds < SessionNanoseconds
        && IsSameText(peer);

    private bool IsSameText(WgConfPeer peer) =>
        _note is null || (peer.Endpoint is { } endpoint && _note.Endpoints.GetValueOrDefault(peer.PublicKey.ToString()) == endpoint.Text);
}
