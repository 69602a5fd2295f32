namespace Chasqui.Core.Uapi;

/// <summary>What a client asks for.</summary>
public enum UapiOperationKind
{
    /// <summary><c>get=1</c>: the device's configuration and state.</summary>
    Get,

    /// <summary><c>set=1</c>: a change of configuration.</summary>
    Set,

    /// <summary><c>keylog=SECONDS</c>, ours: the keys of handshakes, kept for this connection until it ends or that time is over.</summary>
    KeyLog,

    /// <summary>None of these: the operation is refused, and the connection ends after the answer.</summary>
    Refused,
}
