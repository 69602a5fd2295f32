using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;

namespace Chasqui.Control;

/// <summary>What a UAPI socket tells of an interface, as a status: of whatever implementation, and with less in it.</summary>
public static class UapiStatus
{
    /// <summary>Reads an interface through its UAPI socket, and from the kernel whether it is up.</summary>
    /// <returns>
    /// A status without drops, events, handshakes under way, packet counters or round trips. A session is taken to be there for
    /// Reject-After-Time after the last handshake.
    /// </returns>
    /// <exception cref="LinuxException">As of <see cref="UapiClient.Get"/>.</exception>
    public static TunnelStatus Read(string interfaceName)
    {
        using DeviceSnapshot snapshot = new UapiClient().Get(interfaceName);
        using Rtnetlink netlink = Rtnetlink.Open();
        bool isHere = netlink.TryGetLink(interfaceName, out LinkInfo link);
        Moment now = Clock.Read();
        return Of(snapshot, now, isHere && link.IsUp, isHere ? link.Mtu : 0);
    }

    /// <summary>Makes a status of a snapshot. No secret is taken over.</summary>
    internal static TunnelStatus Of(DeviceSnapshot snapshot, in Moment now, bool isUp, int mtu)
    {
        var peers = new List<PeerStatus>(snapshot.Peers.Count);
        foreach (PeerSnapshot peer in snapshot.Peers)
        {
            peers.Add(Of(peer, now));
        }

        return new TunnelStatus
        {
            At = now.Now,
            UnixNanoseconds = now.UnixNanoseconds,
            PublicKey = snapshot.PrivateKey?.DerivePublicKey(),
            IsUp = isUp,
            Mtu = mtu,
            ListenPort = snapshot.ListenPort,
            FwMark = snapshot.FwMark,
            Peers = peers,
        };
    }

    private static PeerStatus Of(PeerSnapshot peer, in Moment now)
    {
        TimeSpan age = new((now.UnixNanoseconds - peer.LastHandshakeUnixNanoseconds) / TimeSpan.NanosecondsPerTick);
        bool hasSession = peer.LastHandshakeUnixNanoseconds > 0 && age >= TimeSpan.Zero && age < ProtocolConstants.RejectAfterTime;
        return new PeerStatus
        {
            PublicKey = peer.PublicKey,
            HasPresharedKey = peer.PresharedKey is not null,
            Endpoint = peer.Endpoint,
            EndpointName = peer.EndpointName,
            AllowedIps = peer.AllowedIps,
            PersistentKeepaliveSeconds = peer.PersistentKeepaliveSeconds,
            ReceivedBytes = peer.ReceivedBytes,
            SentBytes = peer.SentBytes,
            LastHandshakeUnixNanoseconds = peer.LastHandshakeUnixNanoseconds,
            SessionAge = hasSession ? age : null,
        };
    }
}
