namespace Chasqui.Core.Explain;

/// <summary>What goes wrong where packets leave the tunnel and are for others.</summary>
internal static class RouterRules
{
    // A handshake or two, and keepalives.
    private const ulong FewBytes = 1000;

    internal static void Run(ExplainContext context)
    {
        if (context.Host is not { } host)
        {
            return;
        }

        if (host.IsForwarding == false && host.NotForwardedEver > 0)
        {
            // Packets for others come on other interfaces too: only what grows while we look, and with a tunnel that delivers, is a problem.
            context.Add(
                host.NotForwarded > 0 && context.Peers.Any(static peer => peer.IsWorking) ? ExplainSeverity.Problem : ExplainSeverity.Notice,
                ExplainCode.ForwardingOff,
                "packets come that are for others, and this machine does not forward",
                "if peers are to reach others through it: sysctl -w net.ipv4.ip_forward=1; in the file: PreUp = sysctl -w net.ipv4.ip_forward=1",
                $"net.ipv4.ip_forward is 0; {ExplainText.Count(host.NotForwardedEver, "packet")} dropped for it, {host.NotForwarded} of them just now");
        }

        PeerCase? asker = context.Peers.FirstOrDefault(static peer => peer.IsWorking && IsAskingInVain(peer.Status));
        if (host is { IsForwarding: true, ForwardedEver: > 0, HasMasquerade: false } && asker is not null)
        {
            context.Problem(
                ExplainCode.NoMasquerade,
                $"packets of {asker.Name} are forwarded with their private addresses, and nothing answers to these",
                "translate them: iptables -t nat -A POSTROUTING -o INTERFACE -j MASQUERADE, or give the others a route back to this machine",
                $"{ExplainText.Count(host.ForwardedEver, "packet")} forwarded, no rule translates their source, and next to nothing goes back to {asker.Name}");
        }
    }

    /// <summary>More came from a peer with a private address than keepalives and handshakes, and no more than those goes back.</summary>
    private static bool IsAskingInVain(PeerStatus peer) =>
        peer.SentBytes <= FewBytes && peer.ReceivedBytes > peer.SentBytes && peer.AllowedIps.Any(static prefix => RouteRules.IsPrivate(prefix.Address));
}
