using Chasqui.Core.Sessions;
using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>Leave to send a batch to a peer: the keys, the counters and the endpoint to send it with.</summary>
/// <remarks>Ownership: whoever was granted it calls <c>Keypair.Release</c> once the batch is sealed.</remarks>
/// <param name="Keypair">The keys.</param>
/// <param name="FirstCounter">The counter of the first packet; the others follow.</param>
/// <param name="Endpoint">Where to send.</param>
public readonly record struct SendGrant(Keypair Keypair, ulong FirstCounter, Endpoint Endpoint);
