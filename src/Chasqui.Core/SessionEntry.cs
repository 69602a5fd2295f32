using Chasqui.Core.Sessions;

namespace Chasqui.Core;

/// <summary>What one of our session indices stands for: a handshake under way, or a keypair.</summary>
/// <param name="Peer">Whose it is.</param>
/// <param name="Keypair">The keypair, or null while the index belongs to the peer's handshake.</param>
internal sealed record SessionEntry(Peer Peer, Keypair? Keypair);
