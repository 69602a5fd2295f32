using System.Text.Json;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Control;

/// <summary>A <see cref="TunnelStatus"/> and its <see cref="PeerStatus"/>es as JSON objects, one a line. Source: docs/control.md.</summary>
/// <remarks>What is written has no member for a private or preshared key: neither has what it is written from.</remarks>
internal static class StatusJson
{
    /// <summary>Writes the members of the device's line.</summary>
    internal static void WriteMembers(Utf8JsonWriter json, TunnelStatus status)
    {
        json.WriteString("time", ControlTime.Format(status.UnixNanoseconds));
        json.WriteNumber("bootSeconds", ControlTime.ToSeconds(status.At));
        if (status.PublicKey is { } key)
        {
            json.WriteString("publicKey", key.ToString());
        }

        json.WriteBoolean("isUp", status.IsUp);
        json.WriteNumber("mtu", status.Mtu);
        json.WriteNumber("listenPort", status.ListenPort);
        json.WriteNumber("fwMark", status.FwMark);
        json.WriteBoolean("isUnderLoad", status.IsUnderLoad);
        json.WriteBoolean("isRecordingKeys", status.IsRecordingKeys);
        json.WriteBoolean("hearsNetworkErrors", status.HearsNetworkErrors);
        WriteCounters(json, "drops", status.Drops, ControlNames.Of);
        WriteCounters(json, "eventCounts", status.EventCounts, ControlNames.Of);
        json.WriteStartArray("recent");
        foreach (TunnelEvent told in status.Recent)
        {
            json.WriteStartObject();
            EventJson.WriteMembers(json, told, new Moment(status.At, status.UnixNanoseconds));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("peerCount", status.Peers.Count);
    }

    /// <summary>Writes the members of a peer's line.</summary>
    internal static void WriteMembers(Utf8JsonWriter json, PeerStatus peer)
    {
        json.WriteString("publicKey", peer.PublicKey.ToString());
        json.WriteBoolean("hasPresharedKey", peer.HasPresharedKey);
        WriteText(json, "endpoint", peer.Endpoint.IsNone ? null : peer.Endpoint.ToString());
        WriteText(json, "endpointName", peer.EndpointName.IsNone ? null : peer.EndpointName.ToString());
        json.WriteStartArray("allowedIps");
        foreach (IpPrefix prefix in peer.AllowedIps)
        {
            json.WriteStringValue(prefix.ToString());
        }

        json.WriteEndArray();
        json.WriteNumber("persistentKeepaliveSeconds", peer.PersistentKeepaliveSeconds);
        json.WriteNumber("receivedBytes", peer.ReceivedBytes);
        json.WriteNumber("sentBytes", peer.SentBytes);
        json.WriteNumber("receivedPackets", peer.ReceivedPackets);
        json.WriteNumber("sentPackets", peer.SentPackets);
        json.WriteNumber("completedHandshakes", peer.CompletedHandshakes);
        bool isNever = peer.LastHandshakeUnixNanoseconds == 0;
        WriteText(json, "lastHandshake", isNever ? null : ControlTime.Format(peer.LastHandshakeUnixNanoseconds));
        bool isUndated = peer.LastTimestampUnixNanoseconds == 0;
        WriteText(json, "lastTimestamp", isUndated ? null : ControlTime.Format(peer.LastTimestampUnixNanoseconds));
        WriteSpan(json, "sinceReceivedSeconds", peer.SinceReceived);
        json.WriteNumber("unansweredPackets", peer.UnansweredPackets);
        WriteSpan(json, "unansweredForSeconds", peer.UnansweredFor);
        WriteSpan(json, "sessionAgeSeconds", peer.SessionAge);
        json.WriteBoolean("isHandshaking", peer.IsHandshaking);
        json.WriteNumber("handshakeAttempts", peer.HandshakeAttempts);
        json.WriteNumber("unconfirmedResponses", peer.UnconfirmedResponses);
        WriteSpan(json, "handshakeRoundTripSeconds", peer.HandshakeRoundTrip);
        json.WriteNumber("stagedPackets", peer.StagedPackets);
        json.WriteNumber("sessionPackets", peer.SessionPackets);
        json.WriteNumber("sessionPacketsMissing", peer.SessionPacketsMissing);
        WriteCounters(json, "drops", peer.Drops, ControlNames.Of);
    }

    /// <summary>Reads the device's line.</summary>
    /// <param name="members">The line.</param>
    /// <param name="peers">The peers, which may still be read into the list.</param>
    /// <param name="peerCount">How many lines of peers follow.</param>
    internal static TunnelStatus ReadDevice(MemberReader members, IReadOnlyList<PeerStatus> peers, out int peerCount)
    {
        peerCount = (int)(members.Integer("peerCount", 0, int.MaxValue) ?? 0);
        return new TunnelStatus
        {
            At = members.BootTime("bootSeconds"),
            UnixNanoseconds = members.WallTime("time"),
            PublicKey = members.Key("publicKey"),
            IsUp = members.Flag("isUp"),
            Mtu = (int)(members.Integer("mtu", 0, int.MaxValue) ?? 0),
            ListenPort = (ushort)(members.Integer("listenPort", 0, ushort.MaxValue) ?? 0),
            FwMark = (uint)(members.Integer("fwMark", 0, uint.MaxValue) ?? 0),
            IsUnderLoad = members.Flag("isUnderLoad"),
            IsRecordingKeys = members.Flag("isRecordingKeys"),
            HearsNetworkErrors = members.Flag("hearsNetworkErrors"),
            Drops = members.Counters<DropReason>("drops", ControlNames.TryParse),
            EventCounts = members.Counters<TunnelEventKind>("eventCounts", ControlNames.TryParse),
            Recent = ReadRecent(members),
            Peers = peers,
        };
    }

    /// <summary>Reads a peer's line.</summary>
    internal static PeerStatus ReadPeer(MemberReader members)
    {
        PublicKey? key = members.Key("publicKey");
        if (key is null)
        {
            members.Complain("publicKey", "there");
        }

        return new PeerStatus
        {
            PublicKey = key ?? default,
            HasPresharedKey = members.Flag("hasPresharedKey"),
            Endpoint = members.Endpoint("endpoint") ?? default,
            EndpointName = members.Name("endpointName") ?? default(EndpointName),
            AllowedIps = members.Prefixes("allowedIps"),
            PersistentKeepaliveSeconds = (ushort)(members.Integer("persistentKeepaliveSeconds", 0, ushort.MaxValue) ?? 0),
            ReceivedBytes = members.Count("receivedBytes"),
            SentBytes = members.Count("sentBytes"),
            ReceivedPackets = members.Count("receivedPackets"),
            SentPackets = members.Count("sentPackets"),
            CompletedHandshakes = (long)members.Count("completedHandshakes"),
            LastHandshakeUnixNanoseconds = members.WallTime("lastHandshake"),
            LastTimestampUnixNanoseconds = members.WallTime("lastTimestamp"),
            SinceReceived = members.Span("sinceReceivedSeconds"),
            UnansweredPackets = members.Count("unansweredPackets"),
            UnansweredFor = members.Span("unansweredForSeconds"),
            SessionAge = members.Span("sessionAgeSeconds"),
            IsHandshaking = members.Flag("isHandshaking"),
            HandshakeAttempts = (int)(members.Integer("handshakeAttempts", 0, int.MaxValue) ?? 0),
            UnconfirmedResponses = (int)(members.Integer("unconfirmedResponses", 0, int.MaxValue) ?? 0),
            HandshakeRoundTrip = members.Span("handshakeRoundTripSeconds"),
            StagedPackets = (int)(members.Integer("stagedPackets", 0, int.MaxValue) ?? 0),
            SessionPackets = members.Count("sessionPackets"),
            SessionPacketsMissing = members.Count("sessionPacketsMissing"),
            Drops = members.Counters<DropReason>("drops", ControlNames.TryParse),
        };
    }

    private static List<TunnelEvent> ReadRecent(MemberReader members)
    {
        List<TunnelEvent> recent = [];
        foreach (JsonElement item in members.Objects("recent"))
        {
            var reader = new MemberReader(item);
            if (EventJson.TryRead(reader, out TunnelEvent told))
            {
                recent.Add(told);
            }

            if (reader.Complaint is not null)
            {
                members.Complain("recent", "an array of events");
            }
        }

        return recent;
    }

    private static void WriteCounters<T>(Utf8JsonWriter json, string name, IReadOnlyDictionary<T, long> counts, Func<T, string> nameOf)
    {
        json.WriteStartObject(name);
        foreach ((T counted, long count) in counts)
        {
            json.WriteNumber(nameOf(counted), count);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteSpan(Utf8JsonWriter json, string name, TimeSpan? span)
    {
        if (span is { } known)
        {
            json.WriteNumber(name, ControlTime.ToSeconds(known));
        }
    }
}
