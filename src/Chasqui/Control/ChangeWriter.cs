using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Core.Config;

namespace Chasqui.Control;

/// <summary>Writes a change as the control protocol's <c>set</c>.</summary>
internal static class ChangeWriter
{
    private static readonly JsonWriterOptions Layout = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request, its line feed included.</summary>
    /// <exception cref="ArgumentException">The change has what does not go through this socket.</exception>
    internal static byte[] Write(DeviceChange change)
    {
        if (change.PrivateKey is not null || change.ReplacePeers)
        {
            throw new ArgumentException("A private key, and a list of peers that replaces all, go through UAPI.", nameof(change));
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Layout))
        {
            json.WriteStartObject();
            json.WriteString("verb", ControlProtocol.Set);
            WriteNumber(json, "listenPort", change.ListenPort);
            WriteNumber(json, "fwMark", change.FwMark);
            json.WriteStartArray("peers");
            foreach (PeerChange peer in change.Peers)
            {
                WritePeer(json, peer);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. bytes.WrittenSpan, (byte)'\n'];
    }

    private static void WritePeer(Utf8JsonWriter json, PeerChange peer)
    {
        if (peer.PresharedKey is not null)
        {
            throw new ArgumentException("A preshared key goes through UAPI.", nameof(peer));
        }

        json.WriteStartObject();
        json.WriteString("publicKey", peer.PublicKey.ToString());
        WriteFlag(json, "remove", peer.Remove);
        WriteFlag(json, "updateOnly", peer.UpdateOnly);
        if (peer.Endpoint is { } endpoint)
        {
            json.WriteString("endpoint", endpoint.ToString());
        }

        if (peer.EndpointName is { } name)
        {
            json.WriteString("endpointName", name.ToString());
        }

        WriteNumber(json, "persistentKeepaliveSeconds", peer.PersistentKeepaliveSeconds);
        WriteFlag(json, "replaceAllowedIps", peer.ReplaceAllowedIps);
        WritePrefixes(json, "removeAllowedIps", peer.AllowedIps, isRemoved: true);
        WritePrefixes(json, "allowedIps", peer.AllowedIps, isRemoved: false);
        json.WriteEndObject();
    }

    private static void WritePrefixes(Utf8JsonWriter json, string name, IReadOnlyList<AllowedIpChange> changes, bool isRemoved)
    {
        json.WriteStartArray(name);
        foreach (AllowedIpChange change in changes)
        {
            if (change.Remove == isRemoved)
            {
                json.WriteStringValue(change.Prefix.ToString());
            }
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, uint? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool isSet)
    {
        if (isSet)
        {
            json.WriteBoolean(name, true);
        }
    }
}
