using System.Text;
using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Metrics;

namespace Chasqui.Cli.Commands.Live;

/// <summary>An interface as a screen full of lines. Pure: the same state gives the same lines.</summary>
internal sealed class WatchScreen(int rows, int columns, bool isUnicode)
{
    private const int NameWidth = 14, StateWidth = 13, RateWidth = 10, RoundTripWidth = 8, LossWidth = 7, EndpointWidth = 24;
    private const int MarkWidth = 2, LeastSpark = 8, MostSpark = 30, Gaps = 7;

    // Title, counters, an empty line, the heading; and below the peers an empty line, one title and the keys.
    private const int LinesAbove = 4, LinesBelow = 3, DetailLines = 4, LeastEvents = 4;

    private readonly List<ScreenLine> _lines = [];

    private bool HasEndpoints => columns >= MarkWidth + NameWidth + StateWidth + EndpointWidth + RoundTripWidth + LossWidth + (2 * (RateWidth + LeastSpark)) + Gaps;

    private int SparkWidth => Math.Clamp(
        (columns - MarkWidth - NameWidth - StateWidth - RoundTripWidth - LossWidth - (2 * RateWidth) - Gaps - (HasEndpoints ? EndpointWidth : 0)) / 2, 0, MostSpark);

    /// <summary>Draws an interface.</summary>
    /// <returns>As many lines as the screen has, or fewer.</returns>
    internal IReadOnlyList<ScreenLine> Draw(WatchSubject subject, WatchView view)
    {
        _lines.Clear();
        TunnelStatus? status = subject.History.Latest;
        AddTitle(subject, status, view);
        if (status is not null)
        {
            IReadOnlyList<PeerStatus> peers = view.Sort(subject);
            bool hasDetail = peers.Count > 0 && rows >= LinesAbove + LinesBelow + DetailLines + LeastEvents + 2;
            int room = Math.Max(1, rows - LinesAbove - LinesBelow - LeastEvents - (hasDetail ? DetailLines : 0));
            AddPeers(subject, status, peers, view.Selected, room);
            if (hasDetail)
            {
                AddDetail(peers[view.Selected]);
            }

            AddEvents(subject, status);
        }

        while (_lines.Count > rows - 1)
        {
            _lines.RemoveAt(_lines.Count - 1);
        }

        Add("q quit   up/down choose   s order: " + view.Order.ToString().ToLowerInvariant() + "   p pause   Tab next interface", LineStyle.Heading);
        return _lines;
    }

    private void AddTitle(WatchSubject subject, TunnelStatus? status, WatchView view)
    {
        string state = status is null ? "" : status.IsUp ? "up" : "down";
        string time = status is null ? "" : DateTime.UnixEpoch.AddTicks(status.UnixNanoseconds / TimeSpan.NanosecondsPerTick).ToString("HH:mm:ss'Z'", null);
        Add($"{subject.Name}  {state}  port {status?.ListenPort}  mtu {status?.Mtu}  {time}{(view.IsPaused ? "  paused" : "")}", LineStyle.Heading);
        if (subject.Failure is { } failure)
        {
            Add(failure, LineStyle.Trouble);
        }
        else if (status is not null)
        {
            int active = status.Peers.Count(static peer => peer.SessionAge is not null);
            string load = (status.IsUnderLoad ? "   UNDER LOAD" : "") + (status.IsRecordingKeys ? "   KEYS RECORDED" : "");
            Add($"peers {status.Peers.Count}, {active} with a session   dropped {status.Drops.Values.Sum()}{load}", status.IsUnderLoad || status.IsRecordingKeys ? LineStyle.Trouble : LineStyle.Plain);
        }

        Add("", LineStyle.Plain);
    }

    private void AddPeers(WatchSubject subject, TunnelStatus status, IReadOnlyList<PeerStatus> peers, int selected, int room)
    {
        string endpoint = HasEndpoints ? Cell("ENDPOINT", EndpointWidth) : "";
        int spark = SparkWidth;
        Add($"  {Cell("PEER", NameWidth)} {Cell("STATE", StateWidth)} {endpoint}{Cell("RECEIVED", RateWidth + spark + 1)} {Cell("SENT", RateWidth + spark + 1)} {"RTT",RoundTripWidth} {"LOSS",LossWidth}", LineStyle.Heading);

        // The chosen one is always on the screen.
        int first = Math.Clamp(selected - room + 1, 0, Math.Max(0, peers.Count - room));
        for (int i = first; i < Math.Min(first + room, peers.Count); i++)
        {
            PeerStatus peer = peers[i];
            PeerRates rates = subject.History.Of(peer.PublicKey);
            string where = HasEndpoints ? Cell(peer.Endpoint.IsNone ? WatchWords.Unknown : peer.Endpoint.ToString(), EndpointWidth) : "";
            string line = $"{(i == selected ? "> " : "  ")}{Cell(subject.Titles.Of(peer.PublicKey), NameWidth)} {Cell(WatchWords.State(status, peer), StateWidth)} {where}"
                + $"{Flow(rates.ReceivedNow, rates.Received, spark)} {Flow(rates.SentNow, rates.Sent, spark)} "
                + $"{WatchWords.RoundTrip(peer.HandshakeRoundTrip),RoundTripWidth} {WatchWords.Loss(peer),LossWidth}";
            Add(line, i == selected ? LineStyle.Selected : WatchWords.IsTroubled(peer) ? LineStyle.Trouble : LineStyle.Plain);
        }
    }

    private string Flow(double now, ReadOnlySpan<double> rates, int spark) =>
        $"{WatchWords.Rate(now),RateWidth} {WatchWords.Spark(rates, spark, isUnicode)}";

    private void AddDetail(PeerStatus peer)
    {
        Add("", LineStyle.Plain);
        Add($"  {peer.PublicKey}  {(peer.EndpointName.IsNone ? "" : $"{peer.EndpointName} = ")}{(peer.Endpoint.IsNone ? "no endpoint" : peer.Endpoint)}", LineStyle.Plain);
        Add($"  allowed {string.Join(", ", peer.AllowedIps)}", LineStyle.Plain);
        string keepalive = peer.PersistentKeepaliveSeconds == 0 ? "off" : $"{peer.PersistentKeepaliveSeconds}s";
        string heard = peer.SinceReceived is { } since ? $"{WatchWords.Age(since)} ago" : "never";
        string drops = string.Join(", ", peer.Drops.OrderByDescending(static drop => drop.Value).Select(static drop => $"{MetricsWords.Of(drop.Key)} {drop.Value}"));
        Add($"  heard {heard}   keepalive {keepalive}   waiting {peer.StagedPackets}   {(drops.Length == 0 ? "nothing dropped" : $"dropped: {drops}")}", LineStyle.Plain);
    }

    /// <summary>The latest events, as many as there is room for, the newest at the bottom.</summary>
    private void AddEvents(WatchSubject subject, TunnelStatus status)
    {
        int room = rows - 1 - _lines.Count - 2;
        if (room < 1)
        {
            return;
        }

        Add("", LineStyle.Plain);
        Add("  LAST EVENTS", LineStyle.Heading);
        foreach (TunnelEvent told in status.Recent.Skip(Math.Max(0, status.Recent.Count - room)))
        {
            Add($"  {WatchWords.Age(status.At - told.At),7} ago  {EventSentence.Of(told, subject.Titles.Of)}", LineStyle.Plain);
        }
    }

    private void Add(string text, LineStyle style) => _lines.Add(new ScreenLine(Cell(text, columns), style));

    /// <summary>A text in as many cells as there are, without anything that could drive the terminal.</summary>
    private static string Cell(string text, int width)
    {
        string plain = ConfigException.Plain(text.ReplaceLineEndings(" "));
        var kept = new StringBuilder(width);
        foreach (Rune rune in plain.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > width)
            {
                kept.Length = Math.Max(0, width - 1);
                return kept.Append('…').ToString();
            }

            kept.Append(rune);
        }

        return kept.Append(' ', width - kept.Length).ToString();
    }
}
