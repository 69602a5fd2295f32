using Chasqui.Core.Diagnostics;

namespace Chasqui.Core.Explain;

/// <summary>Why datagrams do not get to a peer's endpoint.</summary>
internal static class EndpointRules
{
    // errno(3), which Core knows from events and evidence only.
    private const int NotPermitted = 1, AccessDenied = 13, NetworkUnreachable = 101, Refused = 111, HostUnreachable = 113;

    internal static void Run(ExplainContext context, PeerCase peer)
    {
        if (peer.Way is { NameError: { } error } && !peer.IsWorking)
        {
            peer.Problem(
                ExplainCode.EndpointNotResolved,
                $"the endpoint {peer.Status.EndpointName} of {peer.Name} cannot be resolved",
                "correct the name, or see why name servers are not reached: getent ahosts NAME",
                error);
        }

        if (peer.Status.Endpoint.IsNone)
        {
            CheckNoEndpoint(context, peer);
        }
        else if (peer.Way is { } way && !peer.IsWorking)
        {
            CheckWay(context, peer, way);
        }

        if (peer.IsFailing && !peer.Findings.Any(static finding => finding.Code is >= ExplainCode.EndpointInTunnel and <= ExplainCode.NoRouteToEndpoint))
        {
            CheckErrors(peer);
        }
    }

    private static void CheckNoEndpoint(ExplainContext context, PeerCase peer)
    {
        bool isWanted = peer.Events(TunnelEventKind.Dropped, DropReason.NoEndpoint).Any() || peer.Status.StagedPackets > 0
            || peer.Status.PersistentKeepaliveSeconds > 0;
        if (isWanted && !peer.Has(ExplainCode.EndpointNotResolved))
        {
            long dropped = peer.Status.Drops.GetValueOrDefault(DropReason.NoEndpoint);
            peer.Problem(
                ExplainCode.NoEndpoint,
                $"{peer.Name} has no endpoint, and has not called: there is nowhere to send to",
                $"chasqui set {context.Interface} peer {peer.Status.PublicKey} endpoint HOST:PORT, or let {peer.Name} begin",
                dropped > 0 ? [$"{ExplainText.Count(dropped, "packet")} for it dropped"] : []);
        }
    }

    private static void CheckWay(ExplainContext context, PeerCase peer, EndpointWay way)
    {
        string endpoint = $"the endpoint {way.Endpoint} of {peer.Name}";
        if (way.IsThroughTunnel)
        {
            peer.Problem(
                ExplainCode.EndpointInTunnel,
                $"the way to {endpoint} leads into {context.Interface} itself",
                $"give it a route of its own: ip route add {way.Endpoint.Address} via GATEWAY, or let chasqui up do it (AllowedIPs with /0)",
                $"packets for {way.Endpoint.Address}{(context.Status.FwMark == 0 ? "" : " with the tunnel's mark")} leave by {context.Interface}");
        }
        else if (way.RouteError != 0)
        {
            peer.Problem(
                ExplainCode.NoRouteToEndpoint,
                $"there is no way from here to {endpoint}",
                $"see which networks are reached, and add a route or a gateway: ip route get {way.Endpoint.Address}",
                RouteReason(way.RouteError));
        }
        else if (way.IsOwnAddress && way.Endpoint.Port == context.Status.ListenPort)
        {
            peer.Problem(
                ExplainCode.EndpointIsSelf,
                $"{endpoint} is this very machine and port",
                $"chasqui set {context.Interface} peer {peer.Status.PublicKey} endpoint HOST:PORT, with the other machine's address");
        }

        if (way.IsAnswerFiltered)
        {
            peer.Problem(
                ExplainCode.ReversePathFilter,
                $"the reverse path filter of {way.Interface} drops the answers of {peer.Name}: without the mark the way back leads into the tunnel",
                $"sysctl -w net.ipv4.conf.all.src_valid_mark=1, as chasqui up does, or net.ipv4.conf.{way.Interface}.rp_filter=2",
                $"net.ipv4.conf.{way.Interface}.rp_filter is 1, and src_valid_mark is 0");
        }
    }

    /// <summary>What the kernel said when something was sent: to the daemon, else to us.</summary>
    private static void CheckErrors(PeerCase peer)
    {
        TunnelEvent[] failed = [.. peer.SendErrors()];
        int error = failed.Length > 0 ? (int)failed[0].Number : peer.Way?.ProbeError ?? 0;
        string seen = failed.Length > 0 ? "what was sent to it ended so" : "a datagram sent there just now ended so";
        string endpoint = peer.Status.Endpoint.ToString();
        switch (error)
        {
            case NotPermitted or AccessDenied:
                peer.Problem(
                    ExplainCode.SendBlocked,
                    $"the packet filter of this machine does not let datagrams to {endpoint} out",
                    "allow them in the filter's output: nft list ruleset, or iptables -S OUTPUT",
                    $"{seen}: operation not permitted");
                break;
            case Refused:
                peer.Problem(
                    ExplainCode.PortUnreachable,
                    $"{endpoint} answers that nothing listens there: the port is wrong, or {peer.Name}'s interface is down, or a filter refuses it",
                    $"see which port {peer.Name} has, there: chasqui show IFNAME listen-port",
                    $"{seen}: ICMP port unreachable");
                break;
            case HostUnreachable:
                peer.Problem(
                    ExplainCode.HostUnreachable,
                    $"the machine at {endpoint} cannot be reached: it is off, or the address is wrong",
                    $"ping {peer.Status.Endpoint.Address}, and correct the endpoint if that is another machine",
                    $"{seen}: host unreachable");
                break;
            case NetworkUnreachable when !peer.Has(ExplainCode.NoRouteToEndpoint):
                peer.Problem(
                    ExplainCode.NetworkUnreachable,
                    $"there is no way to the network of {endpoint}",
                    $"traceroute {peer.Status.Endpoint.Address}, and correct the endpoint if that is another network",
                    $"{seen}: network unreachable");
                break;
            default:
                break;
        }
    }

    private static string RouteReason(int error) => error switch
    {
        NetworkUnreachable => "the routing table has no route to it, not even a default route",
        AccessDenied => "a route of type prohibit forbids it",
        HostUnreachable => "a route of type unreachable says so, or the network is not up",
        _ => "a route of type blackhole takes it, or its family has no address here",
    };
}
