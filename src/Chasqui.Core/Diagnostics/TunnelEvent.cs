using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Diagnostics;

/// <summary>Something that the owner of a tunnel may want to know, and strangers must not learn. What does not apply is none.</summary>
/// <remarks>Never holds a private or preshared key.</remarks>
public readonly struct TunnelEvent
{
    /// <summary>What happened.</summary>
    public TunnelEventKind Kind { get; init; }

    /// <summary>Why, if <see cref="Kind"/> is <see cref="TunnelEventKind.Dropped"/>.</summary>
    public DropReason Reason { get; init; }

    /// <summary>When, on the monotonic clock.</summary>
    public Instant At { get; init; }

    /// <summary>
    /// Whose it was: a peer's public key. For <see cref="DropReason.UnknownPeer"/> the key that is no peer's, which its sender has shown to own.
    /// </summary>
    public PublicKey? Peer { get; init; }

    /// <summary>The address on the network that it came from or went to.</summary>
    public IpEndpoint Remote { get; init; }

    /// <summary>The address before this one.</summary>
    public IpEndpoint Before { get; init; }

    /// <summary>The address inside the tunnel that it is about: a source that was refused, or a destination that nobody owns.</summary>
    public IpAddress Inner { get; init; }

    /// <summary>The peer that owns <see cref="Inner"/>.</summary>
    public PublicKey? Owner { get; init; }

    /// <summary>A number whose meaning <see cref="Kind"/> says.</summary>
    public long Number { get; init; }

    /// <summary>How many more of the same kind and reason went untold before this one, because there were too many.</summary>
    public long Untold { get; init; }

    /// <summary>A dropped packet.</summary>
    public static TunnelEvent Drop(DropReason reason, Instant at, in IpEndpoint remote = default) =>
        new() { Kind = TunnelEventKind.Dropped, Reason = reason, At = at, Remote = remote };
}
