using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>A peer of a <see cref="DeviceModel"/>. Borrows its secrets.</summary>
internal sealed class PeerModel(PublicKey publicKey)
{
    internal PublicKey PublicKey { get; } = publicKey;

    /// <summary>The preshared key; null for none.</summary>
    internal PresharedKey? PresharedKey { get; set; }

    internal IpEndpoint? Endpoint { get; set; }

    internal ushort KeepaliveSeconds { get; set; }

    /// <summary>The addresses in order; each belongs to one peer of the device only.</summary>
    internal List<IpPrefix> AllowedIps { get; private init; } = [];

    internal PeerModel Copy() => new(PublicKey)
    {
        PresharedKey = PresharedKey,
        Endpoint = Endpoint,
        KeepaliveSeconds = KeepaliveSeconds,
        AllowedIps = [.. AllowedIps],
    };
}
