using Chasqui.Core.Sessions;

namespace Chasqui.Core;

/// <summary>Leave to open a batch of data messages with one receiver index.</summary>
/// <remarks>Ownership: whoever was granted it calls <c>Keypair.Release</c> when done.</remarks>
/// <param name="Peer">Whose session it is.</param>
/// <param name="Keypair">The keys.</param>
public readonly record struct ReceiveGrant(Peer Peer, Keypair Keypair);
