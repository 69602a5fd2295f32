namespace Chasqui.Core.Uapi;

/// <summary>The keys of the protocol, in both directions.</summary>
internal enum UapiKey
{
    Unknown,
    PrivateKey,
    ListenPort,
    FwMark,
    ReplacePeers,
    PublicKey,
    UpdateOnly,
    Remove,
    PresharedKey,
    Endpoint,
    EndpointName,
    PersistentKeepaliveInterval,
    ReplaceAllowedIps,
    AllowedIp,
    ProtocolVersion,
    LastHandshakeTimeSec,
    LastHandshakeTimeNsec,
    TxBytes,
    RxBytes,
    Errno,
}
