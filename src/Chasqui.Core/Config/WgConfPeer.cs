using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>A peer of a <see cref="WgConf"/>.</summary>
public sealed class WgConfPeer
{
    private readonly List<AllowedIpChange> _allowedIps = [];

    internal WgConfPeer()
    {
    }

    /// <summary>The line of the section, from 1; 0 on a command line.</summary>
    public int Line { get; internal init; }

    /// <summary>The public key.</summary>
    public PublicKey PublicKey { get; internal set; }

    /// <summary>Whether the peer is removed (<c>wg set … remove</c>).</summary>
    public bool Remove { get; internal set; }

    /// <summary>The preshared key; all zeros removes it, null says nothing about it.</summary>
    public PresharedKey? PresharedKey { get; internal set; }

    /// <summary>The endpoint as it is written, or null.</summary>
    public ConfEndpoint? Endpoint { get; internal set; }

    /// <summary>The endpoint's address; null if there is no endpoint or its names are not resolved.</summary>
    public IpEndpoint? ResolvedEndpoint { get; internal set; }

    /// <summary>Interval of keepalives in seconds, 0 for off; null says nothing about it.</summary>
    public ushort? PersistentKeepaliveSeconds { get; internal set; }

    /// <summary>Whether the allowed addresses replace those that the peer has.</summary>
    /// <remarks>True in a file, or once a command line gives a list; an entry with a sign turns it off, a later list on again.</remarks>
    public bool ReplaceAllowedIps { get; internal set; }

    /// <summary>Allowed addresses to add or to remove, in order.</summary>
    public IReadOnlyList<AllowedIpChange> AllowedIps => _allowedIps;

    /// <summary>Where the endpoint is written; 0 if there is none.</summary>
    internal int EndpointLine { get; set; }

    internal bool HasPublicKey { get; set; }

    /// <summary>Whether the file has a public key that is none, which was told.</summary>
    internal bool IsPublicKeyWrong { get; set; }

    internal void Add(AllowedIpChange change) => _allowedIps.Add(change);

    internal PeerChange ToChange(PresharedKey? presharedKey, ushort? keepaliveSeconds) => new()
    {
        PublicKey = PublicKey,
        Remove = Remove,
        PresharedKey = presharedKey,
        Endpoint = ResolvedEndpoint,
        PersistentKeepaliveSeconds = keepaliveSeconds,
        ReplaceAllowedIps = ReplaceAllowedIps,
        AllowedIps = AllowedIps,
    };
}
