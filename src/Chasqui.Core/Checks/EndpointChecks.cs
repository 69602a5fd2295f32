using Chasqui.Core.Config;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Checks;

/// <summary>Where peers are, and who can begin.</summary>
internal static class EndpointChecks
{
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>What <see cref="Resolve"/> says of a port.</summary>
    internal const string NoService = "the port is neither a number nor the name of a UDP service";

    /// <summary>What <see cref="Resolve"/> says of a host.</summary>
    internal const string NoName = "a name has letters, digits, '-' and dots only";

    /// <summary>Stands in for the resolver: takes every name that one could find, and nobody is asked.</summary>
    internal static EndpointResolution Resolve(ConfEndpoint endpoint, ServiceResolver? services)
    {
        bool isPort = ConfEndpoint.TryParsePort(endpoint.Service, out _) || services?.Invoke(endpoint.Service) is not null;
        bool isHost = InetText.TryParse(endpoint.Host, out _) || IsScoped(endpoint.Host) || IsName(endpoint.Host);
        return !isPort ? EndpointResolution.NotFound(NoService)
            : isHost ? EndpointResolution.Found(default)
            : EndpointResolution.NotFound(NoName);
    }

    internal static void Run(CheckedConf conf)
    {
        bool hasPort = conf.Interfaces.Any(static section => section.Get(ConfKeys.ListenPort) is not null) && conf.Conf.ListenPort is not 0;
        List<(IpPrefix Prefix, CheckedPeer Peer)> routes = FindRoutes(conf);
        var routed = PrefixSet.Of(routes.Select(static route => route.Prefix));
        foreach (CheckedPeer peer in conf.Peers)
        {
            if (peer.Conf.Endpoint is { } endpoint)
            {
                CheckPort(conf, peer, endpoint);
                if (peer.Conf.ResolvedEndpoint is { } resolved && routed.Contains(resolved.Address))
                {
                    AddLoop(conf, peer, resolved.Address, routes.Find(route => route.Prefix.Contains(resolved.Address)));
                }
            }
            else if (!peer.HasEndpoint)
            {
                CheckMissing(conf, peer, hasPort);
            }
        }
    }

    private static void CheckMissing(CheckedConf conf, CheckedPeer peer, bool hasPort)
    {
        if (!hasPort)
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.NoEndpointNoPort,
                peer,
                ConfKeys.Endpoint,
                "the peer has no Endpoint and the interface no ListenPort, so that neither end knows where the other is",
                "add one of them");
        }

        if (peer.Conf.PersistentKeepaliveSeconds is > 0)
        {
            conf.Add(
                CheckSeverity.Warning,
                CheckRule.KeepaliveWithoutEndpoint,
                peer,
                ConfKeys.PersistentKeepalive,
                "nothing is sent to a peer without an Endpoint until it was heard",
                "add the Endpoint, or set this on the other end");
        }
    }

    private static void CheckPort(CheckedConf conf, CheckedPeer peer, ConfEndpoint endpoint)
    {
        if (ConfEndpoint.TryParsePort(endpoint.Service, out ushort port) && port == 0)
        {
            conf.Add(
                CheckSeverity.Error,
                CheckRule.BadEndpoint,
                peer,
                ConfKeys.Endpoint,
                $"{ConfText.Quote(endpoint.Text)} has the port 0, to which nothing can be sent",
                "give HOST:PORT with a port from 1 to 65535");
        }
    }

    private static bool IsScoped(string host)
    {
        int scope = host.IndexOf('%', StringComparison.Ordinal);
        return scope > 0 && scope + 1 < host.Length && InetText.TryParse(host.AsSpan(0, scope), out IpAddress address) && address.IsV6;
    }

    /// <summary>Whether a resolver would ask for it: letters, digits, '-' and '_' between dots, not all digits at the end.</summary>
    private static bool IsName(string host)
    {
        string name = host.EndsWith('.') ? host[..^1] : host;
        string[] labels = name.Split('.');
        foreach (string label in labels)
        {
            if (label.Length is 0 or > MaxLabelLength || label.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            {
                return false;
            }
        }

        return name.Length <= MaxNameLength && !labels[^1].All(char.IsAsciiDigit);
    }

    /// <summary>The routes that <c>up</c> makes and that lead an endpoint into the tunnel: a default route has a rule against that.</summary>
    private static List<(IpPrefix Prefix, CheckedPeer Peer)> FindRoutes(CheckedConf conf)
    {
        List<(IpPrefix Prefix, CheckedPeer Peer)> routes = [];
        if (conf.Quick.Table is not null || conf.Conf.FwMark is > 0)
        {
            return routes;
        }

        foreach (CheckedPeer peer in conf.Peers)
        {
            foreach (CheckedPrefix prefix in peer.AllowedIps)
            {
                if (prefix.Written.Length > 0)
                {
                    routes.Add((prefix.Written.Prefix, peer));
                }
            }
        }

        return routes;
    }

    private static void AddLoop(CheckedConf conf, CheckedPeer peer, IpAddress address, (IpPrefix Prefix, CheckedPeer Peer) route) =>
        conf.Add(
            CheckSeverity.Warning,
            CheckRule.EndpointInTunnel,
            peer,
            ConfKeys.Endpoint,
            $"{address} is in {route.Prefix}, which goes through the tunnel to {route.Peer.Reference}",
            "leave the address out of AllowedIPs, as `chasqui ips' does it, or set FwMark and a rule for it");
}
