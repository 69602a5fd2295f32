using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Quick.Reload;

/// <summary>A peer as it is once a change has been made, secrets aside.</summary>
internal sealed class PeerOutcome(PublicKey publicKey)
{
    internal PublicKey PublicKey { get; } = publicKey;

    /// <summary>None if it has not got one.</summary>
    internal IpEndpoint Endpoint { get; set; }

    internal ushort KeepaliveSeconds { get; set; }

    /// <summary>The allowed addresses, in order.</summary>
    internal List<IpPrefix> AllowedIps { get; init; } = [];
}
