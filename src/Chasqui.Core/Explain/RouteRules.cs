using Chasqui.Core.Wire;

namespace Chasqui.Core.Explain;

/// <summary>Whether packets for a peer's allowed addresses come into the tunnel, and fit through the way to its endpoint.</summary>
internal static class RouteRules
{
    // UDP 8, transport header 16, tag 16; and the outer IP header.
    private const int Headers = 40, HeaderV4 = 20, HeaderV6 = 40;

    internal static void Run(ExplainContext context, PeerCase peer)
    {
        CheckAllowedIps(context, peer);
        CheckRoutes(context, peer);
        CheckMtu(context, peer);
        CheckPath(context, peer);
        CheckKeepalive(peer);
    }

    private static void CheckAllowedIps(ExplainContext context, PeerCase peer)
    {
        if (peer.Status.AllowedIps.Count == 0)
        {
            peer.Problem(
                ExplainCode.NoAllowedIps,
                $"{peer.Name} has no AllowedIPs: nothing is sent to it, and nothing of it is taken",
                $"chasqui set {context.Interface} peer {peer.Status.PublicKey} allowed-ips PREFIX,…",
                "a prefix belongs to one peer: another that was given the same has taken it");
            return;
        }

        foreach (HostAddress own in context.Host?.Addresses ?? [])
        {
            if (peer.Status.AllowedIps.Any(prefix => prefix.Length == prefix.Address.Bits && prefix.Address == own.Address))
            {
                peer.Problem(
                    ExplainCode.OwnAddress,
                    $"{own.Address} is {context.Interface}'s own address, and {peer.Name} has it among its AllowedIPs",
                    "give one of the two another address");
            }
        }

        CheckOverlap(context, peer);
    }

    /// <summary>A default route beside others' networks is how routing works; a network with a hole in it may be a mistake.</summary>
    private static void CheckOverlap(ExplainContext context, PeerCase peer)
    {
        List<string> overlaps = [];
        foreach (IpPrefix prefix in peer.Status.AllowedIps.Where(static prefix => prefix.Length > 0))
        {
            foreach (PeerCase other in context.Peers.Where(other => other != peer))
            {
                overlaps.AddRange(other.Status.AllowedIps.Where(inner => inner.Length > prefix.Length && prefix.Contains(inner.Address))
                    .Select(inner => $"{inner} of {prefix} belongs to {other.Name}"));
            }
        }

        if (overlaps.Count > 0)
        {
            peer.Notice(
                ExplainCode.AllowedIpsOverlap,
                $"a part of the AllowedIPs of {peer.Name} belongs to another peer: {overlaps[0]}",
                "if that is not meant, give each its own",
                [.. overlaps.Skip(1).Take(8)]);
        }
    }

    private static void CheckRoutes(ExplainContext context, PeerCase peer)
    {
        foreach (AllowedIpRoute route in context.Host?.Routes.Where(route => route.Peer == peer.Status.PublicKey) ?? [])
        {
            // A default route that is not there may be meant: routes are then made by somebody who knows better.
            ExplainSeverity severity = route.Prefix.Length == 0 ? ExplainSeverity.Notice : ExplainSeverity.Problem;
            string where = route.OtherInterface is { } other ? $"packets for {route.Asked} go by {other}" : $"packets for {route.Asked} go nowhere";
            if (route.IsThroughTunnel)
            {
                AddPartShadow(context, peer, route);
            }
            else if (route.HasRoute)
            {
                peer.Add(
                    severity,
                    ExplainCode.RouteShadowed,
                    $"{route.Prefix} of {peer.Name} has a route into {context.Interface}, but another goes first{(route.Shadow is null ? "" : $": {route.Shadow}")}",
                    "take the other route away, give it a higher metric, or choose another network for one of the two: ip route",
                    where);
            }
            else
            {
                peer.Add(
                    severity,
                    ExplainCode.RouteMissing,
                    $"no route leads {route.Prefix} of {peer.Name} into {context.Interface}{(route.Shadow is null ? "" : $"; there is {route.Shadow}")}",
                    $"ip route add {route.Prefix} dev {context.Interface}; chasqui up and chasqui reload do it by themselves",
                    [where, .. context.Host!.IsReversePathStrict
                        ? [$"what comes from there out of the tunnel is dropped too: net.ipv4.conf.{context.Interface}.rp_filter is 1"] : Array.Empty<string>()]);
            }
        }
    }

    private static void AddPartShadow(ExplainContext context, PeerCase peer, AllowedIpRoute route)
    {
        if (route.Shadow is { } part && route.Prefix.Length > 0)
        {
            peer.Notice(
                ExplainCode.RouteShadowed,
                $"a part of {route.Prefix} of {peer.Name} does not go into {context.Interface}: {part}",
                "if that is not meant, take that route away, or choose another network for one of the two");
        }
    }

    private static void CheckMtu(ExplainContext context, PeerCase peer)
    {
        if (peer.Way is not { Mtu: > 0, IsThroughTunnel: false } way)
        {
            return;
        }

        int fits = way.Mtu - Headers - (way.Endpoint.Address.IsV6 ? HeaderV6 : HeaderV4);
        if (context.Status.Mtu > fits)
        {
            peer.Notice(
                ExplainCode.MtuTooLarge,
                $"packets of {context.Interface} may have {context.Status.Mtu} bytes, and the way to {peer.Name} takes {fits}: larger ones are cut in two, or lost",
                $"ip link set {context.Interface} mtu {fits}; in the file: MTU = {fits}",
                $"{way.Interface} takes {way.Mtu} bytes, of which {way.Mtu - fits} are headers");
        }
    }

    /// <summary>What was measured, if the user asked for it.</summary>
    private static void CheckPath(ExplainContext context, PeerCase peer)
    {
        if (context.Host?.PathMtus.FirstOrDefault(path => path.Peer == peer.Status.PublicKey) is not { } path)
        {
            return;
        }

        if (path.LargestBytes == 0)
        {
            peer.Notice(
                ExplainCode.MtuNotMeasured,
                $"what fits through the tunnel to {peer.Name} cannot be told",
                null,
                path.Asked.IsNone ? $"{peer.Name} has no single address among its AllowedIPs that could be asked" : $"{path.Asked} answers no echo request, not even a short one");
        }
        else if (path.LargestBytes < path.TriedBytes)
        {
            peer.Problem(
                ExplainCode.MtuHole,
                $"packets of more than {path.LargestBytes} bytes are lost on the way to {peer.Name} or back: connections open, and then hang",
                $"ip link set {context.Interface} mtu {path.LargestBytes}, on both ends; in the files: MTU = {path.LargestBytes}",
                $"echo requests of {path.LargestBytes} bytes to {path.Asked} are answered, those of {path.TriedBytes}, the MTU of {context.Interface}, are not",
                "a router on the way takes less than it should, and does not say so");
        }
        else
        {
            peer.Notice(
                ExplainCode.MtuFits,
                $"packets of {path.LargestBytes} bytes, the MTU of {context.Interface}, get to {peer.Name} and back",
                null);
        }
    }

    private static void CheckKeepalive(PeerCase peer)
    {
        if (peer.Status.PersistentKeepaliveSeconds == 0 && peer.Way is { IsOwnAddress: false } way && IsPrivate(way.Source) && !IsPrivate(way.Endpoint.Address)
            && !way.Source.IsNone)
        {
            peer.Notice(
                ExplainCode.KeepaliveMissing,
                $"this machine is behind a router that translates addresses, and {peer.Name} reaches it only while that remembers",
                $"if {peer.Name} is to begin too: PersistentKeepalive = 25",
                $"datagrams leave from {way.Source}, which is a private address, to {way.Endpoint.Address}, which is none");
        }
    }

    /// <summary>RFC 1918, RFC 6598 and RFC 4193.</summary>
    internal static bool IsPrivate(IpAddress address)
    {
        if (address.IsV6)
        {
            return address.High >> 57 == 0xfc >> 1;
        }

        uint value = (uint)(address.High >> 32);
        return value >> 24 == 10 || value >> 20 == 0xac1 || value >> 16 == 0xc0a8 || value >> 22 == 0x6440 >> 6;
    }
}
