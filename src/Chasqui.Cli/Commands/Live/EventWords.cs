using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;
using Chasqui.Linux;
using Chasqui.Metrics;

namespace Chasqui.Cli.Commands.Live;

/// <summary>An event in one line.</summary>
internal static class EventWords
{
    /// <summary>What happened, and to whom.</summary>
    internal static string Of(in TunnelEvent told, PeerTitles titles)
    {
        string who = told.Peer is { } key ? titles.Of(key) + ": " : "";
        return who + What(told, titles);
    }

    private static string What(in TunnelEvent told, PeerTitles titles) => told.Kind switch
    {
        TunnelEventKind.Dropped => Drop(told, titles),
        TunnelEventKind.HandshakeStarted => $"initiation sent to {told.Remote}{(told.Number > 1 ? $", attempt {told.Number}" : "")}",
        TunnelEventKind.HandshakeAnswered => $"initiation answered{From(told.Remote)}",
        TunnelEventKind.HandshakeCompleted => $"session ready{From(told.Remote)}",
        TunnelEventKind.HandshakeUnanswered => $"no answer{From(told.Remote)}, {told.Number} in a row",
        TunnelEventKind.HandshakeGivenUp => "given up until there is something to send",
        TunnelEventKind.PeerRoamed => told.Before.IsNone ? $"is at {told.Remote}" : $"moved from {told.Before} to {told.Remote}",
        TunnelEventKind.PeerSilent => "silent: data was sent, and nothing heard",
        TunnelEventKind.CookieReceived => $"is under load, and gave a cookie{From(told.Remote)}",
        TunnelEventKind.UnderLoadBegan => "under load: senders of handshakes are asked for a cookie",
        TunnelEventKind.UnderLoadEnded => "under load no more",
        TunnelEventKind.SendFailed => $"not sent to {told.Remote}: {LinuxException.Describe((int)told.Number)}",
        TunnelEventKind.EndpointResolved => $"its name is {told.Remote}{(told.Before.IsNone ? "" : $", and was {told.Before}")}",
        TunnelEventKind.EndpointNotResolved => "its name is not resolved",
        TunnelEventKind.OffloadSteppedDown => "the kernel refused an offload; going on without",
        TunnelEventKind.InterfaceUp => $"interface up, port {told.Number}",
        TunnelEventKind.InterfaceDown => "interface down",
        _ => told.Kind.ToString(),
    };

    private static string Drop(in TunnelEvent told, PeerTitles titles)
    {
        string why = MetricsWords.Of(told.Reason).Replace('_', ' ');
        string inner = told.Inner.IsNone ? "" : $" {told.Inner}";
        string owner = told.Owner is { } key && told.Reason == DropReason.SourceNotAllowed ? $", which is {titles.Of(key)}'s" : "";
        return $"dropped: {why}{inner}{owner}{From(told.Remote)}";
    }

    private static string From(IpEndpoint remote) => remote.IsNone ? "" : $", {remote}";
}
