using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>What to change on one peer. A null member leaves things as they are.</summary>
public sealed class PeerChange
{
    /// <summary>The peer's public key: its name.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Whether the peer is removed; the other members do not count then.</summary>
    public bool Remove { get; init; }

    /// <summary>Whether the change is skipped if there is no such peer, instead of adding it.</summary>
    public bool UpdateOnly { get; init; }

    /// <summary>A new preshared key; all zeros removes it. The receiver takes a copy.</summary>
    public PresharedKey? PresharedKey { get; init; }

    /// <summary>A new endpoint.</summary>
    /// <remarks>It takes the place of a name that is not given anew.</remarks>
    public IpEndpoint? Endpoint { get; init; }

    /// <summary>The name that the device resolves by itself; <see cref="EndpointName.IsNone"/> makes it forget the one it has.</summary>
    public EndpointName? EndpointName { get; init; }

    /// <summary>Interval of persistent keepalives in seconds; 0 turns them off.</summary>
    public ushort? PersistentKeepaliveSeconds { get; init; }

    /// <summary>Whether all allowed addresses are removed before <see cref="AllowedIps"/> are applied.</summary>
    public bool ReplaceAllowedIps { get; init; }

    /// <summary>Allowed addresses to add or to remove, in order.</summary>
    public IReadOnlyList<AllowedIpChange> AllowedIps { get; init; } = [];
}
