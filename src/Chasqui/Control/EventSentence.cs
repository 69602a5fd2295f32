using System.Globalization;
using System.Text;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Linux;

namespace Chasqui.Control;

/// <summary>An event as a sentence for people.</summary>
public static class EventSentence
{
    /// <summary>Who it is about and what happened: <c>peer(xTIB…p8Dg) 192.0.2.7:51820: moved here from 192.0.2.1:51820</c>.</summary>
    public static string Of(in TunnelEvent told) => Of(told, static key => key.ToShortString());

    /// <summary>The same with peers called as the caller calls them.</summary>
    /// <param name="told">The event.</param>
    /// <param name="title">What the owner of a public key is called.</param>
    public static string Of(in TunnelEvent told, Func<PublicKey, string> title)
    {
        ArgumentNullException.ThrowIfNull(title);
        var text = new StringBuilder();
        AppendSubject(text, told, title);
        text.Append(told.Kind == TunnelEventKind.Dropped ? OfDrop(told, title) : OfDeed(told));
        if (told.Untold > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {told.Untold} more like it");
        }

        return text.ToString();
    }

    private static void AppendSubject(StringBuilder text, in TunnelEvent told, Func<PublicKey, string> title)
    {
        if (told.Peer is { } peer)
        {
            text.Append(title(peer));
        }

        if (!told.Remote.IsNone && told.Kind != TunnelEventKind.EndpointResolved)
        {
            text.Append(text.Length > 0 ? " " : "").Append(told.Remote);
        }

        text.Append(text.Length > 0 ? ": " : "");
    }

    private static string OfDeed(in TunnelEvent told) => told.Kind switch
    {
        TunnelEventKind.HandshakeStarted when told.Number > 1 => Invariant($"handshake initiation sent, attempt {told.Number}"),
        TunnelEventKind.HandshakeStarted => "handshake initiation sent",
        TunnelEventKind.HandshakeAnswered => "handshake initiation taken, response sent",
        TunnelEventKind.HandshakeCompleted => "handshake complete: a session is ready",
        TunnelEventKind.HandshakeUnanswered => Invariant($"no response to {told.Number} handshake {(told.Number == 1 ? "initiation" : "initiations")} in a row"),
        TunnelEventKind.HandshakeGivenUp => "no response for 90 seconds: given up until there is something to send",
        TunnelEventKind.PeerRoamed when told.Before.IsNone => "is here",
        TunnelEventKind.PeerRoamed => $"moved here from {told.Before}",
        TunnelEventKind.PeerSilent => "data was sent, and nothing heard for 15 seconds",
        TunnelEventKind.CookieReceived => "is under load and sent a cookie",
        TunnelEventKind.UnderLoadBegan => "under load: handshakes are asked for a cookie",
        TunnelEventKind.UnderLoadEnded => "not under load any more",
        TunnelEventKind.SendFailed => $"cannot send: {LinuxException.Describe((int)told.Number)}",
        TunnelEventKind.EndpointResolved when told.Before.IsNone => $"its name is {told.Remote}",
        TunnelEventKind.EndpointResolved => $"its name is {told.Remote} now, and it is at {told.Before}",
        TunnelEventKind.EndpointNotResolved => Invariant($"its name does not resolve; next try in {told.Number} s"),
        TunnelEventKind.OffloadSteppedDown => $"the kernel refuses {OfOffload(told.Number)}: done without from here on",
        TunnelEventKind.InterfaceUp => Invariant($"interface up, listening on port {told.Number}"),
        TunnelEventKind.InterfaceDown => "interface down",
        TunnelEventKind.KeyLogBegan => Invariant($"the keys of handshakes are given to somebody who captures, for {told.Number} s at most"),
        TunnelEventKind.KeyLogEnded => "the keys of handshakes are given to nobody any more",
        _ => ControlNames.Of(told.Kind),
    };

    private static string OfOffload(long number) => number switch
    {
        1 => "datagrams that are sent together (UDP_SEGMENT)",
        2 => "joined TCP packets",
        _ => "joined UDP packets",
    };

    private static string OfDrop(in TunnelEvent told, Func<PublicKey, string> title) => told.Reason switch
    {
        DropReason.Malformed => "not a WireGuard message",
        DropReason.InvalidMac1 => "handshake for another public key than ours",
        DropReason.CookieRequired => "handshake without a cookie, under load",
        DropReason.RateLimited => "too many handshakes of this network, under load",
        DropReason.HandshakeQueueFull => "too many handshakes wait",
        DropReason.NoPrivateKey => "handshake, and the interface has no private key",
        DropReason.UnknownPeer => "handshake of a key that is no peer's",
        DropReason.HandshakeAuthenticationFailed => "handshake that does not authenticate: is the preshared key the same?",
        DropReason.LowOrderPublicKey => "handshake with a key that is none",
        DropReason.ReplayedTimestamp => "handshake not newer than the last: a clock that went back, or a replay",
        DropReason.InitiationFlood => "handshake too soon after the last",
        DropReason.NoMatchingHandshake => "answer to a handshake that was not begun",
        DropReason.InvalidCookieReply => "cookie that does not authenticate",
        DropReason.UnknownIndex => "data of a session that is not there any more",
        DropReason.SessionExpired => "data of a session that is over",
        DropReason.AuthenticationFailed => "data that does not authenticate",
        DropReason.ReplayedCounter => "data that was seen before, or comes too late",
        DropReason.InvalidInnerPacket => "data that is no IP packet",
        DropReason.SourceNotAllowed => $"packet from {told.Inner}, which it may not use{OwnedBy(told.Owner, title)}",
        DropReason.NoPeerForDestination => $"packet to {told.Inner}, which no peer owns",
        DropReason.NoEndpoint => "packet to a peer without an endpoint",
        DropReason.StagedQueueFull => "packet pushed out by newer ones that wait for a handshake",
        DropReason.HandshakeTimedOut => "packets given up: the handshake was not answered",
        DropReason.InterfaceDown => "packet of an interface that is down",
        _ => ControlNames.Of(told.Reason),
    };

    private static string OwnedBy(PublicKey? owner, Func<PublicKey, string> title) => owner is { } peer ? $": it is {title(peer)}'s" : ": it is nobody's";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
