using Chasqui.Core.Wire;

namespace Chasqui.Core;

/// <summary>Where the core puts datagrams that are to be sent: the caller's own buffers.</summary>
/// <remarks>
/// Protocol: <see cref="Reserve"/>, fill, <see cref="Commit"/>; never two reservations at once; a reservation that is not
/// committed is forgotten. Implementations are structs, so that calls are inlined. They are called on the thread that
/// called the verb, with no lock of a peer held, and may send at once.
/// </remarks>
public interface IOutbox
{
    /// <summary>Gives room for one datagram.</summary>
    /// <param name="lengthBytes">Length of the datagram.</param>
    /// <returns>At least that many bytes.</returns>
    Span<byte> Reserve(int lengthBytes);

    /// <summary>Hands the reserved datagram over.</summary>
    /// <param name="lengthBytes">Length of the datagram.</param>
    /// <param name="peer">Whom it is for; null for a cookie reply, which answers a stranger.</param>
    /// <param name="endpoint">Where it goes.</param>
    /// <param name="trafficClass">Outer DSCP and ECN.</param>
    void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass);
}
