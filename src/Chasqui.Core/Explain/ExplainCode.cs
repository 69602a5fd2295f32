namespace Chasqui.Core.Explain;

/// <summary>What a finding says. Names stay: they are in JSON, in kebab case.</summary>
/// <remarks>The order is that of verdicts: of several problems the first is the one that is told first.</remarks>
public enum ExplainCode
{
    /// <summary>No daemon answers for the interface, and what one has left behind shows that it did not end by itself.</summary>
    DaemonGone,

    /// <summary>The daemon answers, but there is no interface of that name in this network namespace.</summary>
    NoInterface,

    /// <summary>The interface is down.</summary>
    InterfaceDown,

    /// <summary>The interface is up, but its daemon has no UDP socket, so that nothing can be sent or received.</summary>
    NoSocket,

    /// <summary>The interface has no private key.</summary>
    NoPrivateKey,

    /// <summary>The interface has no peers.</summary>
    NoPeers,

    /// <summary>The interface has no address.</summary>
    NoAddress,

    /// <summary>The system clock says that it is long ago: initiations that are dated so are refused as old.</summary>
    ClockNotSet,

    /// <summary>The packet filter of this machine drops what comes to the interface's port.</summary>
    PortBlocked,

    /// <summary>Handshake messages come that were made for another public key than the interface's.</summary>
    WrongKeyForUs,

    /// <summary>Initiations come from a public key that is no peer's.</summary>
    UnknownKey,

    /// <summary>Packets enter the tunnel for an address that no peer has among its allowed addresses.</summary>
    NoPeerForDestination,

    /// <summary>The reverse path filter drops what comes, because the way back would be another.</summary>
    ReversePathFilter,

    /// <summary>Packets come out of the tunnel that are for others, and this machine does not forward.</summary>
    ForwardingOff,

    /// <summary>What is forwarded leaves with private addresses, to which no answer comes back.</summary>
    NoMasquerade,

    /// <summary>So many handshake messages come that their senders are asked for a cookie.</summary>
    UnderLoad,

    /// <summary>The peer's public key is one with which no secret can be agreed.</summary>
    UnusableKey,

    /// <summary>The peer's public key is the interface's own.</summary>
    OwnKey,

    /// <summary>The peer has no allowed addresses: nothing is sent to it, and nothing of it is taken.</summary>
    NoAllowedIps,

    /// <summary>The peer has the interface's own address among its allowed addresses.</summary>
    OwnAddress,

    /// <summary>There is something to send, and the peer has no endpoint.</summary>
    NoEndpoint,

    /// <summary>The endpoint's name cannot be resolved.</summary>
    EndpointNotResolved,

    /// <summary>The way to the endpoint leads through the tunnel itself.</summary>
    EndpointInTunnel,

    /// <summary>The endpoint is this machine's own address and port.</summary>
    EndpointIsSelf,

    /// <summary>This machine has no way to the endpoint.</summary>
    NoRouteToEndpoint,

    /// <summary>This machine's packet filter does not let datagrams to the endpoint out.</summary>
    SendBlocked,

    /// <summary>The endpoint's machine says that nothing listens on that port, or a filter there says so.</summary>
    PortUnreachable,

    /// <summary>A router, or this machine, says that the endpoint's machine cannot be reached.</summary>
    HostUnreachable,

    /// <summary>A router says that there is no way to the endpoint's network.</summary>
    NetworkUnreachable,

    /// <summary>The peer's answers do not authenticate: the preshared keys differ.</summary>
    PresharedKeyMismatch,

    /// <summary>The peer asks again and again, as if our answers did not come or it could not read them.</summary>
    ResponsesNotTaken,

    /// <summary>The peer's initiations are dated before those that were accepted already: its clock went back.</summary>
    PeerClockWentBack,

    /// <summary>This machine's clock went back, so that the peer refuses our initiations as old.</summary>
    ClockWentBack,

    /// <summary>The machine at the endpoint has another key than the peer here.</summary>
    PeerKeyDiffers,

    /// <summary>The machine at the endpoint has another public key for us than ours.</summary>
    PeerHasWrongKey,

    /// <summary>Another machine uses the interface's private key: the peer answers to sessions that are not this one's.</summary>
    OwnKeyElsewhere,

    /// <summary>The peer is under load, and asks for cookies.</summary>
    PeerUnderLoad,

    /// <summary>The peer answered once, and does no longer.</summary>
    PeerSilent,

    /// <summary>The peer has never answered.</summary>
    NoAnswer,

    /// <summary>Two machines use the peer's key, or one is moved to and fro: its endpoint flaps.</summary>
    EndpointFlaps,

    /// <summary>The peer sends from an address that is not among its allowed addresses.</summary>
    SourceNotAllowed,

    /// <summary>No route leads addresses of the peer into the tunnel.</summary>
    RouteMissing,

    /// <summary>Another route takes addresses of the peer away from the tunnel.</summary>
    RouteShadowed,

    /// <summary>Small packets go through the tunnel and come back, and larger ones are lost on the way. Found by <c>--mtu</c>.</summary>
    MtuHole,

    /// <summary>Data goes out, and nothing but keepalives comes back.</summary>
    NothingComesBack,

    /// <summary>Packets of the tunnel are larger than the way to the endpoint takes.</summary>
    MtuTooLarge,

    /// <summary>The largest packets of the tunnel go through and come back. Said by <c>--mtu</c>.</summary>
    MtuFits,

    /// <summary>What fits through the tunnel cannot be measured, since nothing comes back. Said by <c>--mtu</c>.</summary>
    MtuNotMeasured,

    /// <summary>Another peer has a part of the peer's allowed addresses.</summary>
    AllowedIpsOverlap,

    /// <summary>Nothing keeps the translation of addresses alive on the way to the endpoint.</summary>
    KeepaliveMissing,

    /// <summary>The peer's clock is ahead of this machine's: once it is set back, the peer's initiations are refused as old.</summary>
    PeerClockAhead,

    /// <summary>Messages of the peer come a second time: somebody sends them again, or the network doubles them.</summary>
    Replay,

    /// <summary>Somebody records the keys of sessions, and can read what he captures.</summary>
    KeysRecorded,
}
