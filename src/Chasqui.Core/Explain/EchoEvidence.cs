using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>What became of echo requests through the tunnel to one of a peer's addresses.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Asked">The address.</param>
/// <param name="IsAnswered">Whether one of them was answered.</param>
public sealed record EchoEvidence(PublicKey Peer, IpAddress Asked, bool IsAnswered);
