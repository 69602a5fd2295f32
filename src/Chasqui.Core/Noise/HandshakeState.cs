namespace Chasqui.Core.Noise;

/// <summary>How far a handshake has come.</summary>
/// <remarks>
/// <code>
///  initiator:  Zeroed --create initiation--> CreatedInitiation --consume response--> ConsumedResponse --begin session--> Zeroed
///  responder:  Zeroed --consume initiation-> ConsumedInitiation --create response--> CreatedResponse  --begin session--> Zeroed
/// </code>
/// A new initiation, created or consumed, starts over from any state. Source: whitepaper section 5.4.
/// </remarks>
internal enum HandshakeState : byte
{
    /// <summary>Nothing is under way.</summary>
    Zeroed,

    /// <summary>We sent an initiation and wait for the response.</summary>
    CreatedInitiation,

    /// <summary>We accepted an initiation and have not answered yet.</summary>
    ConsumedInitiation,

    /// <summary>We answered an initiation.</summary>
    CreatedResponse,

    /// <summary>We accepted a response.</summary>
    ConsumedResponse,
}
