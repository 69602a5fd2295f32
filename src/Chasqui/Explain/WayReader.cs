using System.Diagnostics;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Device;
using Chasqui.Linux.Netlink;
using Chasqui.Linux.Udp;
using Chasqui.Names;

namespace Chasqui.Explain;

/// <summary>Asks for the ways to the peers' endpoints, and sends empty datagrams to those that do not answer.</summary>
internal sealed class WayReader
{
    // Peers whose endpoints are asked at one time; a hub whose uplink is down has thousands.
    private const int MaxProbes = 32;
    private const int StepMilliseconds = 50;

    private readonly Rtnetlink _rtnetlink;
    private readonly LinkInfo _link;
    private readonly HashSet<IpAddress> _own;
    private readonly uint _mark;

    internal WayReader(Rtnetlink rtnetlink, LinkInfo link, IReadOnlyList<AddressInfo> addresses, uint mark)
    {
        _rtnetlink = rtnetlink;
        _link = link;
        _own = [.. addresses.Select(static address => IpAddress.FromBytes(address.Address.GetAddressBytes()))];
        _mark = mark;
    }

    internal IReadOnlyList<EndpointWay> Read(TunnelStatus status, IReadOnlyList<PublicKey> silent)
    {
        PeerStatus[] asked = [.. status.Peers.Where(peer => silent.Contains(peer.PublicKey) && !peer.Endpoint.IsNone).Take(MaxProbes)];
        Dictionary<PublicKey, int> errors = Probe(asked);
        List<EndpointWay> ways = [];
        foreach (PeerStatus peer in status.Peers)
        {
            if (!peer.Endpoint.IsNone || !peer.EndpointName.IsNone)
            {
                ways.Add(Describe(peer, errors.GetValueOrDefault(peer.PublicKey), silent.Contains(peer.PublicKey)));
            }
        }

        return ways;
    }

    private EndpointWay Describe(PeerStatus peer, int probeError, bool isSilent)
    {
        RouteAnswer answer = default;
        UdpAddress remote = peer.Endpoint.IsNone ? default : UdpMapping.ToRemote(peer.Endpoint);
        int error = remote.IsNone ? 0 : _rtnetlink.GetRoute(new RouteQuery(remote, default, _mark, remote.ScopeId), out answer);
        LinkInfo way = default;
        bool hasWay = error == 0 && answer.InterfaceIndex != 0 && _rtnetlink.TryGetLink(answer.InterfaceIndex, out way);
        return new EndpointWay
        {
            Peer = peer.PublicKey,
            Endpoint = peer.Endpoint,
            Interface = hasWay ? way.Name : null,
            IsThroughTunnel = hasWay && answer.InterfaceIndex == _link.Index,
            IsOwnAddress = _own.Contains(peer.Endpoint.Address),
            Source = SourceOf(answer.PreferredSource),
            Mtu = !hasWay ? 0 : answer.Mtu > 0 ? answer.Mtu : way.Mtu,
            RouteError = error,
            ProbeError = probeError,
            NameError = peer.EndpointName.IsNone || !(isSilent || peer.Endpoint.IsNone) ? null : Resolve(peer.EndpointName),
            IsAnswerFiltered = hasWay && answer.InterfaceIndex != _link.Index && IsAnswerFiltered(remote, way.Name),
        };
    }

    /// <summary>Answers carry no mark: what is asked without it has to come back by the same interface, where the filter is strict.</summary>
    private bool IsAnswerFiltered(in UdpAddress remote, string way) =>
        _mark != 0 && remote.IsV4 && HostEvidenceReader.IsStrict(way)
        && Math.Max(ProcNet.Setting($"ipv4/conf/{way}/src_valid_mark") ?? 0, ProcNet.Setting("ipv4/conf/all/src_valid_mark") ?? 0) == 0
        && _rtnetlink.GetRoute(new RouteQuery(remote, default, 0, 0), out RouteAnswer unmarked) == 0 && unmarked.InterfaceIndex == _link.Index;

    private static string? Resolve(EndpointName name) => NameResolver.Resolve(name).Failure;

    private static IpAddress SourceOf(in UdpSource source) => source switch
    {
        { IsV4: true } => IpAddress.V4((uint)(source.High >> 32)),
        { IsV6: true } => IpAddress.V6(source.High, source.Low),
        _ => default,
    };

    /// <summary>Sends to all at once, and waits until each has an error or the time is over.</summary>
    private Dictionary<PublicKey, int> Probe(PeerStatus[] peers)
    {
        Dictionary<PublicKey, int> errors = [];
        List<(PublicKey Peer, UdpProbe Probe)> open = [];
        try
        {
            foreach (PeerStatus peer in peers)
            {
                UdpProbe? probe = UdpProbe.TryOpen(UdpMapping.ToRemote(peer.Endpoint), _mark, out int error);
                error = probe?.Send() ?? error;
                if (error != 0)
                {
                    errors[peer.PublicKey] = error;
                    probe?.Dispose();
                }
                else
                {
                    open.Add((peer.PublicKey, probe!));
                }
            }

            Await(open, errors);
        }
        finally
        {
            open.ForEach(static one => one.Probe.Dispose());
        }

        return errors;
    }

    private static void Await(List<(PublicKey Peer, UdpProbe Probe)> open, Dictionary<PublicKey, int> errors)
    {
        var clock = Stopwatch.StartNew();
        while (open.Exists(one => !errors.ContainsKey(one.Peer)) && clock.Elapsed < HostEvidenceReader.ProbePatience)
        {
            Thread.Sleep(StepMilliseconds);
            foreach ((PublicKey peer, UdpProbe probe) in open)
            {
                if (!errors.ContainsKey(peer) && probe.TakeError() is not 0 and int error)
                {
                    errors[peer] = error;
                }
            }
        }
    }
}
