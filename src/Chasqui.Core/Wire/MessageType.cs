namespace Chasqui.Core.Wire;

/// <summary>The four messages of the protocol, by the number on the wire.</summary>
/// <remarks>Source: whitepaper sections 5.4.2 to 5.4.7.</remarks>
public enum MessageType : byte
{
    /// <summary>No message: the type or the length does not fit.</summary>
    Invalid = 0,

    /// <summary>Handshake initiation, 148 bytes.</summary>
    Initiation = 1,

    /// <summary>Handshake response, 92 bytes.</summary>
    Response = 2,

    /// <summary>Cookie reply, 64 bytes.</summary>
    CookieReply = 3,

    /// <summary>Transport data, 32 bytes or more.</summary>
    Transport = 4,
}
