using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config.Provision;

/// <summary>A peer to add to a hub's file.</summary>
/// <remarks>Ownership: borrows the preshared key.</remarks>
public sealed record HubPeer
{
    /// <summary>The peer's name.</summary>
    public required string Name { get; init; }

    /// <summary>The peer's public key.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>The preshared key, or null for none.</summary>
    public PresharedKey? PresharedKey { get; init; }

    /// <summary>The peer's own addresses, with the lengths of the networks they are in.</summary>
    public required IReadOnlyList<QuickAddress> Addresses { get; init; }

    /// <summary>Networks behind the peer.</summary>
    public IReadOnlyList<IpPrefix> Networks { get; init; } = [];

    /// <summary>Where the peer is reached, <c>HOST:PORT</c>; null if it comes to us.</summary>
    public string? Endpoint { get; init; }

    /// <summary>What this client is told instead of what the interface's comments say.</summary>
    public ClientSettings Settings { get; init; } = new();

    /// <summary>What the hub sends to the peer: its addresses, then the networks behind it.</summary>
    public IReadOnlyList<IpPrefix> AllowedIps =>
        [.. Addresses.Select(static address => new IpPrefix(address.Address, address.Address.Bits)).Concat(Networks).Distinct()];
}
