using Chasqui.Core.Diagnostics;

namespace Chasqui.Core.Explain;

/// <summary>Why no session comes about although datagrams get there, or come.</summary>
internal static class HandshakeRules
{
    // Two, since one may just be under way.
    private const int ManyResponses = 2;
    private const ulong ResponseBytes = 92;

    // Clocks that are set by hand differ by some minutes, and that harms nobody for long.
    private const long FarAhead = 600L * 1_000_000_000;

    internal static void Run(ExplainContext context, PeerCase peer)
    {
        CheckKeys(context, peer);
        CheckPresharedKey(context, peer);
        CheckResponses(context, peer);
        CheckClocks(context, peer);
        CheckPeerClock(context, peer);
        if (!peer.IsFailing)
        {
            return;
        }

        if (peer.EventsSinceHeard(TunnelEventKind.CookieReceived).FirstOrDefault() is { Kind: TunnelEventKind.CookieReceived } cookie)
        {
            peer.Problem(
                ExplainCode.PeerUnderLoad,
                $"{peer.Name} is under load: it asks for cookies, and answers few",
                $"wait, and see there: chasqui explain",
                $"a cookie came {ExplainText.Time(context.Age(cookie))} ago");
        }

        if (!peer.Findings.Any(static finding => finding.Severity == ExplainSeverity.Problem && finding.Code < ExplainCode.PeerSilent))
        {
            AddSilence(context, peer);
        }
    }

    private static void CheckKeys(ExplainContext context, PeerCase peer)
    {
        if (peer.Status.PublicKey.IsLowOrder)
        {
            peer.Problem(
                ExplainCode.UnusableKey,
                $"the public key of {peer.Name} is none: no secret can be agreed with it",
                $"get it again, there: chasqui show IFNAME public-key",
                $"it is {peer.Status.PublicKey}");
        }
        else if (peer.Status.PublicKey == context.Status.PublicKey)
        {
            peer.Problem(
                ExplainCode.OwnKey,
                $"the public key of {peer.Name} is that of {context.Interface} itself",
                "put the public key of the other end there");
        }
    }

    private static void CheckPresharedKey(ExplainContext context, PeerCase peer)
    {
        TunnelEvent[] refused = [.. peer.DropsSinceHandshake(DropReason.HandshakeAuthenticationFailed)];
        if (refused.Length == 0 || peer.IsWorking)
        {
            return;
        }

        peer.Problem(
            ExplainCode.PresharedKeyMismatch,
            $"{peer.Name} answers, but its answers do not fit: the preshared keys differ",
            $"give both ends the same: chasqui genpsk, then chasqui set {context.Interface} peer {peer.Status.PublicKey.Abbreviate()} preshared-key FILE, and likewise there",
            $"{ExplainText.Count(peer.Status.Drops.GetValueOrDefault(DropReason.HandshakeAuthenticationFailed, refused.Length), "response")} did not authenticate",
            Own(peer));
    }

    private static void CheckResponses(ExplainContext context, PeerCase peer)
    {
        // Without a journal: initiations were taken and answered, and never followed by data.
        bool isManyBytes = !context.Subject.HasJournal && peer.SinceHandshake is null && peer.Status.ReceivedBytes > 0
            && peer.Status.SentBytes >= ResponseBytes * ManyResponses;
        if (peer.IsWorking || (peer.Status.UnconfirmedResponses < ManyResponses && !isManyBytes) || peer.Has(ExplainCode.PresharedKeyMismatch))
        {
            return;
        }

        peer.Problem(
            ExplainCode.ResponsesNotTaken,
            $"{peer.Name} asks for a handshake, and does not take our answers: the preshared keys differ, or our answers do not get there",
            $"run chasqui explain there; compare the preshared keys, and see whether a filter on the way drops what comes from UDP port {context.Status.ListenPort}",
            [
                .. peer.Status.UnconfirmedResponses > 0 ? [$"{ExplainText.Count(peer.Status.UnconfirmedResponses, "response")} in a row not taken up"] : Array.Empty<string>(),
                Own(peer),
            ]);
    }

    private static string Own(PeerCase peer) =>
        peer.Status.HasPresharedKey ? "there is a preshared key for it here" : "there is no preshared key for it here";

    private static void CheckClocks(ExplainContext context, PeerCase peer)
    {
        TunnelEvent[] replayed = [.. peer.DropsSinceHandshake(DropReason.ReplayedTimestamp)];
        if (replayed.Length > 0 && peer.IsClockBack)
        {
            peer.Problem(
                ExplainCode.PeerClockWentBack,
                $"{peer.Name} dates its initiations before those that were accepted already: its clock went back",
                $"set the clock there; until it has caught up, let this end begin, or forget the times: remove the peer and add it again",
                [
                    $"{ExplainText.Count(peer.Status.Drops.GetValueOrDefault(DropReason.ReplayedTimestamp, replayed.Length), "initiation")} refused as old, the last from {replayed[0].Remote}",
                    .. Dated(context, peer),
                    "the same is seen where somebody sends old initiations again",
                ]);
        }

        if (peer.SinceHandshake < TimeSpan.FromSeconds(-1) && !peer.IsWorking)
        {
            peer.Problem(
                ExplainCode.ClockWentBack,
                $"the clock of this machine went back by at least {ExplainText.Time(-peer.SinceHandshake.Value)}: {peer.Name} refuses our initiations as old",
                "set the clock: timedatectl set-ntp true, or date -s",
                "the last handshake is dated in the future");
        }
    }

    private static void CheckPeerClock(ExplainContext context, PeerCase peer)
    {
        // Both may lie centuries from now, on either side: their difference is no long.
        Int128 ahead = (Int128)peer.Status.LastTimestampUnixNanoseconds - context.Status.UnixNanoseconds;
        if (peer.Status.LastTimestampUnixNanoseconds != 0 && ahead > FarAhead && !peer.Has(ExplainCode.PeerClockWentBack))
        {
            peer.Notice(
                ExplainCode.PeerClockAhead,
                $"the clock of {peer.Name} is {ExplainText.Time(TimeSpan.FromTicks((long)(ahead / TimeSpan.NanosecondsPerTick)))} ahead of ours: when it is set right, its initiations will be refused as old",
                $"set the clock there, then forget the times here: remove the peer and add it again; or, if it is ours that is wrong, set it: timedatectl set-ntp true",
                [.. Dated(context, peer)]);
        }
    }

    /// <summary>The date before which initiations are refused.</summary>
    private static IEnumerable<string> Dated(ExplainContext context, PeerCase peer)
    {
        if (peer.Status.LastTimestampUnixNanoseconds is not 0 and long last)
        {
            string now = ExplainText.Date(context.Status.UnixNanoseconds);
            yield return $"the last initiation that was accepted is dated {ExplainText.Date(last)}; here it is {now}";
        }
    }

    /// <summary>Nothing tells more than that nothing comes.</summary>
    private static void AddSilence(ExplainContext context, PeerCase peer)
    {
        string where = peer.Status.Endpoint.ToString();
        string next = $"run chasqui explain on {peer.Name}: what comes there has its reason there; if nothing comes, the address, the port or a filter on the way is wrong";
        if (peer.WasHeard)
        {
            peer.Problem(
                ExplainCode.PeerSilent,
                $"{peer.Name} has gone silent: it answered, and does no longer at {where}",
                next,
                [.. LastHeard(peer), .. peer.History(), .. TranslationHint(peer) is { } hint ? [hint] : Array.Empty<string>()]);
            return;
        }

        peer.Problem(
            ExplainCode.NoAnswer,
            $"{peer.Name} does not answer at {where}",
            next,
            [.. peer.History(), .. Ways(peer), "a wrong key of either end, a blocked port and a wrong address all look like this from here"]);
    }

    /// <summary>What may be wrong if a peer was there and is no longer; null if we keep it alive ourselves.</summary>
    internal static string? TranslationHint(PeerCase peer) => peer.Status.PersistentKeepaliveSeconds > 0 ? null
        : $"if {peer.Name} is behind a router that translates addresses, that may have forgotten it: PersistentKeepalive = 25 there";

    private static IEnumerable<string> Ways(PeerCase peer) =>
        peer.Way is { Interface: { } name } way ? [$"datagrams leave by {name}{(way.Source.IsNone ? "" : $" from {way.Source}")}, and no error came back"] : [];

    private static IEnumerable<string> LastHeard(PeerCase peer) =>
        peer.Status.SinceReceived is { } since ? [$"it was last heard {ExplainText.Time(since)} ago"] : [];
}
