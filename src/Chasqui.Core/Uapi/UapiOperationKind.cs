namespace Chasqui.Core.Uapi;

/// <summary>What a client asks for.</summary>
public enum UapiOperationKind
{
    /// <summary><c>get=1</c>: the device's configuration and state.</summary>
    Get,

    /// <summary><c>set=1</c>: a change of configuration.</summary>
    Set,

    /// <summary>Neither: the operation is refused, and the connection ends after the answer.</summary>
    Refused,
}
