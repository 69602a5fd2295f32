using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>Which packets fit through the tunnel to a peer and back, by echo requests of many lengths.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Asked">The address inside that was asked; none if the peer has no single one.</param>
/// <param name="LargestBytes">Length of the largest inner packet that came back; 0 if none did.</param>
/// <param name="TriedBytes">Length of the largest that was tried: the interface's MTU.</param>
public sealed record PathMtu(PublicKey Peer, IpAddress Asked, int LargestBytes, int TriedBytes);
