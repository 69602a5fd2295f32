using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Quick;

namespace Chasqui.Explain;

/// <summary>Explains a running interface: what its daemon tells, together with what the machine says.</summary>
public static class TunnelExplainer
{
    /// <summary>Explains an interface by what its daemon tells.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="status">What its daemon tells.</param>
    /// <exception cref="LinuxException">The kernel refuses to answer.</exception>
    public static ExplainReport Run(string interfaceName, TunnelStatus status) => Run(interfaceName, status, hasJournal: true);

    /// <summary>Explains an interface of another implementation, by what every one tells.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="snapshot">What its UAPI socket tells.</param>
    /// <exception cref="LinuxException">The kernel refuses to answer.</exception>
    public static ExplainReport Run(string interfaceName, DeviceSnapshot snapshot)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentNullException.ThrowIfNull(snapshot);
        return Run(interfaceName, ToStatus(interfaceName, snapshot, Clock.Read()), hasJournal: false);
    }

    /// <summary>A status without events: configuration, bytes and handshakes.</summary>
    internal static TunnelStatus ToStatus(string interfaceName, DeviceSnapshot snapshot, in Moment now)
    {
        LinkInfo link = default;
        using (Rtnetlink rtnetlink = Rtnetlink.Open())
        {
            _ = rtnetlink.TryGetLink(interfaceName, out link);
        }

        return new TunnelStatus
        {
            At = now.Now,
            UnixNanoseconds = now.UnixNanoseconds,
            PublicKey = snapshot.PrivateKey?.DerivePublicKey(),
            IsUp = link.IsUp,
            Mtu = link.Mtu,
            ListenPort = snapshot.ListenPort,
            FwMark = snapshot.FwMark,
            Peers = [.. snapshot.Peers.Select(ToStatus)],
        };
    }

    private static ExplainReport Run(string interfaceName, TunnelStatus status, bool hasJournal)
    {
        ExplainSubject first = Subject(interfaceName, status, hasJournal, host: null);
        IReadOnlyList<PublicKey> silent = Explainer.FindSilent(first);
        HostEvidence host = HostEvidenceReader.Read(interfaceName, status, silent);
        return Explainer.Run(Subject(interfaceName, status, hasJournal, host));
    }

    private static ExplainSubject Subject(string interfaceName, TunnelStatus status, bool hasJournal, HostEvidence? host) => new()
    {
        InterfaceName = interfaceName,
        Status = status,
        HasJournal = hasJournal,
        Host = host,
        Names = PeerNames.Of(interfaceName),
    };

    private static PeerStatus ToStatus(PeerSnapshot peer) => new()
    {
        PublicKey = peer.PublicKey,
        HasPresharedKey = peer.PresharedKey is { IsZero: false },
        Endpoint = peer.Endpoint,
        EndpointName = peer.EndpointName,
        AllowedIps = peer.AllowedIps,
        PersistentKeepaliveSeconds = peer.PersistentKeepaliveSeconds,
        ReceivedBytes = peer.ReceivedBytes,
        SentBytes = peer.SentBytes,
        LastHandshakeUnixNanoseconds = peer.LastHandshakeUnixNanoseconds,
    };
}
