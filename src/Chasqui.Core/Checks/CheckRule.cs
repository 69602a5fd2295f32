namespace Chasqui.Core.Checks;

/// <summary>What a finding is about.</summary>
/// <remarks>
/// Those above <see cref="BadAddress"/> are what stock <c>wg</c> and <c>wg-quick</c> refuse, and are errors. Of those below, which stock
/// takes, the documentation of each says whether it is an error; all others are warnings.
/// </remarks>
public enum CheckRule
{
    /// <summary>A line, key or section that stock does not know. Error.</summary>
    UnknownLine,

    /// <summary>A key that is none. Error.</summary>
    BadKey,

    /// <summary>A value that stock refuses. Error.</summary>
    BadValue,

    /// <summary>A peer without a public key. Error.</summary>
    MissingPublicKey,

    /// <summary>An address of the interface that is none. Error: <c>up</c> fails.</summary>
    BadAddress,

    /// <summary>An MTU that is none. Error: <c>up</c> fails.</summary>
    BadMtu,

    /// <summary>A routing table that is none. Error: <c>up</c> fails.</summary>
    BadTable,

    /// <summary>A name server or search domain that is none. Error: no name is found while the tunnel is up.</summary>
    BadDns,

    /// <summary>An endpoint whose host cannot be a name, or whose port is 0 or unknown. Error: nothing can be sent there.</summary>
    BadEndpoint,

    /// <summary>A port above 65535. Error: its low 16 bits are another port.</summary>
    PortTooLarge,

    /// <summary>A hook with a control character. Error: our <c>up</c> refuses it.</summary>
    BadHook,

    /// <summary>Hooks in a file that others than root can write. Error: our <c>up</c> refuses it.</summary>
    HooksNotOfRoot,

    /// <summary>A file whose name no interface can have. Error: <c>up</c> refuses it.</summary>
    BadFileName,

    /// <summary>A public key of zeros or of low order. Error: no handshake is possible.</summary>
    UnusablePublicKey,

    /// <summary>A peer with the interface's own public key. Error: it is skipped.</summary>
    OwnPublicKey,

    /// <summary>One key where two must differ: private, preshared, public. Error: a secret is where it does not belong.</summary>
    KeyUsedTwice,

    /// <summary>One public key in two peers. Error: the second takes the first one's place.</summary>
    PeerTwice,

    /// <summary>One prefix in two peers. Error: it belongs to the last one only.</summary>
    AllowedIpTwice,

    /// <summary>Two files that are each other's ends, but only one has the other as a peer. Error.</summary>
    OneSided,

    /// <summary>A peer with the address of another file's interface, but not with its public key. Error.</summary>
    WrongPublicKey,

    /// <summary>Two ends without an endpoint. Error: neither can begin.</summary>
    NoEndpointOnEitherSide,

    /// <summary>Two ends with different preshared keys. Error: no handshake is possible.</summary>
    PresharedKeysDiffer,

    /// <summary>An end whose address the other end does not take. Error.</summary>
    AddressNotAllowed,

    /// <summary>Two ends with the same address. Error.</summary>
    SameAddress,

    /// <summary>Bits after a prefix's length.</summary>
    HostBits,

    /// <summary>A prefix more than once in one peer.</summary>
    AllowedIpRepeated,

    /// <summary>A key with one value more than once: the last counts.</summary>
    DuplicateKey,

    /// <summary>More than one <c>[Interface]</c>.</summary>
    TwoInterfaces,

    /// <summary>No <c>[Interface]</c>.</summary>
    NoInterface,

    /// <summary>A title with white space inside, which <c>wg-quick</c> does not know.</summary>
    SpacedTitle,

    /// <summary>No private key.</summary>
    MissingPrivateKey,

    /// <summary>A private or preshared key of zeros, which stands for none.</summary>
    ZeroKey,

    /// <summary>A peer without allowed addresses.</summary>
    MissingAllowedIps,

    /// <summary>A peer without an endpoint at an interface without a port.</summary>
    NoEndpointNoPort,

    /// <summary>A keepalive to a peer without an endpoint.</summary>
    KeepaliveWithoutEndpoint,

    /// <summary>An endpoint that a route of the file would send into the tunnel.</summary>
    EndpointInTunnel,

    /// <summary>An end that sends to another port than the other end's.</summary>
    EndpointPort,

    /// <summary>A peer that has the interface's own address.</summary>
    OwnAddress,

    /// <summary>An address of the interface more than once.</summary>
    AddressRepeated,

    /// <summary>An address of the interface that is its network's.</summary>
    NetworkAddress,

    /// <summary>An MTU too large for the way of its packets.</summary>
    MtuTooLarge,

    /// <summary>An MTU too small for IPv6.</summary>
    MtuTooSmall,

    /// <summary>Two peers with one name.</summary>
    NameTwice,

    /// <summary>A comment of arithmetic that is none, or comes to other prefixes than those beside it.</summary>
    StaleFormula,

    /// <summary>Two files with one private key.</summary>
    PrivateKeyShared,

    /// <summary>Two interfaces of one machine with one port.</summary>
    PortShared,

    /// <summary>A file that every user may read or write.</summary>
    WorldReadable,
}
