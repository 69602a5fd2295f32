using System.Text.Json;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Control;

/// <summary>A <see cref="TunnelEvent"/> as members of a JSON object. What does not apply is left out. Source: docs/control.md.</summary>
internal static class EventJson
{
    /// <summary>Writes the members of an object that has been begun.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="told">The event.</param>
    /// <param name="now">Both clocks, which give the event its wall time.</param>
    internal static void WriteMembers(Utf8JsonWriter json, in TunnelEvent told, in Moment now)
    {
        json.WriteString("time", ControlTime.Format(now.UnixNanoseconds - (now.Now.Nanoseconds - told.At.Nanoseconds)));
        json.WriteNumber("bootSeconds", ControlTime.ToSeconds(told.At));
        json.WriteString("kind", ControlNames.Of(told.Kind));
        if (told.Kind == TunnelEventKind.Dropped)
        {
            json.WriteString("reason", ControlNames.Of(told.Reason));
        }

        WriteKey(json, "peer", told.Peer);
        WriteEndpoint(json, "remote", told.Remote);
        WriteEndpoint(json, "before", told.Before);
        if (!told.Inner.IsNone)
        {
            json.WriteString("inner", told.Inner.ToString());
        }

        WriteKey(json, "owner", told.Owner);
        WriteNumber(json, "value", told.Number);
        WriteNumber(json, "untold", told.Untold);
    }

    /// <summary>Reads an event.</summary>
    /// <param name="members">The object.</param>
    /// <param name="told">The event.</param>
    /// <returns><see langword="false"/> if its kind or reason is none that we know: a newer daemon's.</returns>
    internal static bool TryRead(MemberReader members, out TunnelEvent told)
    {
        DropReason reason = DropReason.None;
        bool isKnown = ControlNames.TryParse(members.Text("kind"), out TunnelEventKind kind)
            && (kind != TunnelEventKind.Dropped || ControlNames.TryParse(members.Text("reason"), out reason));
        told = new TunnelEvent
        {
            Kind = kind,
            Reason = reason,
            At = members.BootTime("bootSeconds"),
            Peer = members.Key("peer"),
            Remote = members.Endpoint("remote") ?? default,
            Before = members.Endpoint("before") ?? default,
            Inner = members.Address("inner"),
            Owner = members.Key("owner"),
            Number = members.Integer("value") ?? 0,
            Untold = members.Integer("untold") ?? 0,
        };
        return isKnown;
    }

    private static void WriteKey(Utf8JsonWriter json, string name, in PublicKey? key)
    {
        if (key is { } known)
        {
            json.WriteString(name, known.ToString());
        }
    }

    private static void WriteEndpoint(Utf8JsonWriter json, string name, in IpEndpoint endpoint)
    {
        if (!endpoint.IsNone)
        {
            json.WriteString(name, endpoint.ToString());
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long number)
    {
        if (number != 0)
        {
            json.WriteNumber(name, number);
        }
    }
}
