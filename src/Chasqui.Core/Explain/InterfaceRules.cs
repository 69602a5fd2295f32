
namespace Chasqui.Core.Explain;

/// <summary>What is wrong with the interface, whoever its peers are.</summary>
internal static class InterfaceRules
{
    // Before any WireGuard that this one could talk to was made: 2020-01-01.
    private const long EarliestClock = 1_577_836_800L * 1_000_000_000;

    /// <returns>Whether the peers can be judged: not if nothing at all can work.</returns>
    internal static bool Run(ExplainContext context)
    {
        int before = context.Findings.Count;
        CheckLink(context);
        CheckKeys(context);
        bool canJudge = context.Findings.Count == before;
        CheckAddress(context);
        CheckClock(context);
        CheckIncoming(context);
        CheckLoad(context);
        CheckKeyLog(context);
        return canJudge;
    }

    private static void CheckLink(ExplainContext context)
    {
        string name = context.Interface;
        if (context.Host is { HasLink: false })
        {
            context.Problem(
                ExplainCode.NoInterface,
                $"there is no interface {name} in this network namespace, though a daemon answers for it",
                $"run this where the interface is: ip netns exec NAME chasqui explain {name}");
        }
        else if (context.Host is { IsLinkUp: false } || (context.Host is null && !context.Status.IsUp))
        {
            context.Problem(ExplainCode.InterfaceDown, $"{name} is down", $"ip link set {name} up");
        }
        else if (context.Subject.HasJournal && !context.Status.IsUp)
        {
            context.Problem(
                ExplainCode.NoSocket,
                $"{name} is up, but its daemon could not open its UDP port {context.Status.ListenPort}",
                $"see who has the port: ss -ulnp sport = {context.Status.ListenPort}; then take another: chasqui set {name} listen-port PORT");
        }
    }

    private static void CheckKeys(ExplainContext context)
    {
        string name = context.Interface;
        if (context.Status.PublicKey is null)
        {
            context.Problem(ExplainCode.NoPrivateKey, $"{name} has no private key", $"chasqui set {name} private-key FILE");
        }

        if (context.Status.Peers.Count == 0)
        {
            context.Problem(
                ExplainCode.NoPeers,
                $"{name} has no peers",
                $"chasqui peer add {name} NAME, or find out why the file's are not there: chasqui check {name}",
                "a peer with the interface's own public key is left out");
        }
    }

    private static void CheckAddress(ExplainContext context)
    {
        if (context.Host is { HasLink: true, Addresses.Count: 0, IsForwarding: not true })
        {
            context.Problem(
                ExplainCode.NoAddress,
                $"{context.Interface} has no address, so that packets leave with another interface's, which peers do not take",
                $"ip address add ADDRESS/LENGTH dev {context.Interface}; in the file: Address = ADDRESS/LENGTH");
        }
    }

    private static void CheckClock(ExplainContext context)
    {
        if (context.Status.UnixNanoseconds < EarliestClock)
        {
            string year = DateTimeOffset.FromUnixTimeSeconds(context.Status.UnixNanoseconds / 1_000_000_000).Year.ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Problem(
                ExplainCode.ClockNotSet,
                $"the system clock says {year}: peers that have heard of us before refuse our initiations as old",
                "set the clock: timedatectl set-ntp true, or date -s");
        }
    }

    private static void CheckIncoming(ExplainContext context)
    {
        if (context.Host is not { Incoming: FilterVerdict.Drops } host)
        {
            return;
        }

        // Who begins himself gets his answers all the same: the filter knows his connection.
        bool isNeeded = context.Peers.Any(static peer => !peer.IsWorking && (peer.IsFailing || !peer.WasHeard || peer.Status.Endpoint.IsNone));
        context.Add(
            isNeeded ? ExplainSeverity.Problem : ExplainSeverity.Notice,
            ExplainCode.PortBlocked,
            $"the packet filter of this machine drops what comes to UDP port {context.Status.ListenPort}: no peer can begin",
            $"let it in: nft add rule … udp dport {context.Status.ListenPort} accept, or iptables -I INPUT -p udp --dport {context.Status.ListenPort} -j ACCEPT",
            host.IncomingRule is { } rule ? [$"by {rule}"] : []);
    }

    private static void CheckLoad(ExplainContext context)
    {
        if (context.Status.IsUnderLoad || context.DropsFor(DropReason.RateLimited).Any() || context.DropsFor(DropReason.HandshakeQueueFull).Any())
        {
            context.Add(
                ExplainSeverity.Notice,
                ExplainCode.UnderLoad,
                "more handshake messages come than can be answered: their senders are asked for cookies and limited",
                "if there are not so many peers, somebody floods the port: limit it in the packet filter",
                [.. Counts(context, DropReason.CookieRequired, DropReason.RateLimited, DropReason.HandshakeQueueFull)]);
        }
    }

    private static void CheckKeyLog(ExplainContext context)
    {
        if (context.Status.IsRecordingKeys)
        {
            context.Add(
                ExplainSeverity.Notice,
                ExplainCode.KeysRecorded,
                $"somebody with root's rights records the keys of {context.Interface}'s sessions: what he captures he can read",
                "if that is not meant: see who runs `chasqui capture --with-keys', ps -C chasqui -o pid,args, and end it");
        }
    }

    private static IEnumerable<string> Counts(ExplainContext context, params DropReason[] reasons)
    {
        foreach (DropReason reason in reasons)
        {
            if (context.Status.Drops.TryGetValue(reason, out long count))
            {
                yield return reason switch
                {
                    DropReason.CookieRequired => $"{ExplainText.Count(count, "initiation")} answered with a cookie",
                    DropReason.RateLimited => $"{ExplainText.Count(count, "handshake message")} dropped: too many from one network",
                    _ => $"{ExplainText.Count(count, "handshake message")} dropped: too many waited",
                };
            }
        }
    }
}
