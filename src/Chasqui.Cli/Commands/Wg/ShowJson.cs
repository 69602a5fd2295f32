using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>show --json</c>: the same choices as without, in one shape of document. Source: docs/json.md.</summary>
internal static class ShowJson
{
    private const int DocumentVersion = 1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    // Relaxed: the '+' of base64 stays a '+'. Nobody embeds this in a web page's script.
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Shows running interfaces.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="words">Its arguments without <c>--json</c>.</param>
    /// <param name="text">Where the document goes.</param>
    internal static int Run(Invocation invocation, IReadOnlyList<string> words, WgText text)
    {
        switch (words)
        {
            case { Count: > 2 } or ["interfaces", _] or ["-h" or "--help" or "help"]:
                return invocation.FailUsage(ShowCommand.Usage + " --json");
            case [] or ["all"] or ["interfaces"]:
                return ShowAll(invocation, words is ["interfaces"] ? "" : null, text);
            case ["all", string field]:
                return ShowAll(invocation, field, text);
            default:
                return ShowOne(invocation, words[0], words.Count == 2 ? words[1] : null, text);
        }
    }

    /// <summary>An interface as far as a field asks for it.</summary>
    /// <param name="device">The interface.</param>
    /// <param name="field">A field's name, or null for all that people may see.</param>
    /// <param name="showsKeys">Whether secret keys are shown where nobody asked for them by name.</param>
    internal static InterfaceJson ToJson(NamedDevice device, string? field, bool showsKeys)
    {
        DeviceSnapshot snapshot = device.Snapshot;
        bool isAll = field is null or "dump";
        return new InterfaceJson
        {
            Name = device.Name,
            PublicKey = isAll || field == "public-key" ? device.PublicKey?.ToString() : null,
            PrivateKey = (isAll || field == "private-key") && snapshot.PrivateKey is { } privateKey
                ? Secret(privateKey.DangerousSpan, showsKeys || field is not null)
                : null,
            ListenPort = isAll || field == "listen-port" ? snapshot.ListenPort : null,
            FwMark = isAll || field == "fwmark" ? snapshot.FwMark : null,
            Peers = field is "public-key" or "private-key" or "listen-port" or "fwmark" or "" ? null : Peers(device, field, showsKeys),
        };
    }

    /// <summary>Appends a document of interfaces.</summary>
    internal static void Append(WgText text, IReadOnlyList<InterfaceJson> interfaces)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Layout))
        {
            JsonSerializer.Serialize(writer, new ShowDocument(DocumentVersion, interfaces), ShowJsonContext.Default.ShowDocument);
        }

        text.Append(buffer.WrittenSpan).Append("\n"u8);
    }

    /// <summary>Shows every interface; the field "" asks for nothing but its name.</summary>
    private static int ShowAll(Invocation invocation, string? field, WgText text)
    {
        if (field is { Length: > 0 } && !FieldShow.Knows(field))
        {
            return ShowCommand.RefuseField(invocation, field);
        }

        if (ShowCommand.List(invocation) is not { } names)
        {
            return Invocation.Failure;
        }

        bool showsKeys = ShowOptions.FromEnvironment(invocation).ShowsKeys;
        List<InterfaceJson> interfaces = [];
        foreach (string name in names)
        {
            if (field is "")
            {
                interfaces.Add(new InterfaceJson { Name = name });
                continue;
            }

            using NamedDevice? device = ShowCommand.ReadOneOfAll(invocation, name);
            if (device is not null)
            {
                interfaces.Add(ToJson(device, field, showsKeys));
            }
        }

        Append(text, interfaces);
        return interfaces.Count == 0 && names.Count > 0 ? Invocation.Failure : Invocation.Success;
    }

    private static int ShowOne(Invocation invocation, string name, string? field, WgText text)
    {
        using NamedDevice? device = ShowCommand.ReadNamed(invocation, name);
        if (device is null)
        {
            return Invocation.Failure;
        }

        if (field is not null && !FieldShow.Knows(field))
        {
            return ShowCommand.RefuseField(invocation, field);
        }

        Append(text, [ToJson(device, field, ShowOptions.FromEnvironment(invocation).ShowsKeys)]);
        return Invocation.Success;
    }

    private static PeerJson[] Peers(NamedDevice device, string? field, bool showsKeys)
    {
        IReadOnlyList<PeerSnapshot> peers = field is null ? PrettyShow.SortByHandshake(device.Snapshot.Peers) : device.Snapshot.Peers;
        var json = new PeerJson[peers.Count];
        for (int i = 0; i < json.Length; i++)
        {
            json[i] = ToJson(peers[i], device.PeerNames.GetValueOrDefault(peers[i].PublicKey), field, showsKeys);
        }

        return json;
    }

    private static PeerJson ToJson(PeerSnapshot peer, string? name, string? field, bool showsKeys)
    {
        bool isAll = field is null or "dump";
        return new PeerJson
        {
            PublicKey = peer.PublicKey.ToString(),
            Name = name,
            PresharedKey = (isAll || field == "preshared-keys") && peer.PresharedKey is { } presharedKey
                ? Secret(presharedKey.DangerousSpan, showsKeys || field is not null)
                : null,
            Endpoint = (isAll || field == "endpoints") && !peer.Endpoint.IsNone ? Text(peer.Endpoint) : null,
            EndpointName = (isAll || field == "endpoints") && !peer.EndpointName.IsNone ? peer.EndpointName.ToString() : null,
            AllowedIps = isAll || field == "allowed-ips" ? AllowedIps(peer.AllowedIps) : null,
            LatestHandshake = isAll || field == "latest-handshakes" ? peer.LastHandshakeUnixNanoseconds / NanosecondsPerSecond : null,
            ReceivedBytes = isAll || field == "transfer" ? peer.ReceivedBytes : null,
            SentBytes = isAll || field == "transfer" ? peer.SentBytes : null,
            PersistentKeepalive = isAll || field == "persistent-keepalive" ? peer.PersistentKeepaliveSeconds : null,
        };
    }

    private static string Text(IpEndpoint endpoint)
    {
        using WgText text = new();
        return System.Text.Encoding.UTF8.GetString(text.AppendEndpoint(endpoint).WrittenSpan);
    }

    private static string[] AllowedIps(IReadOnlyList<IpPrefix> allowedIps)
    {
        var texts = new string[allowedIps.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = allowedIps[i].ToString();
        }

        return texts;
    }

    private static string Secret(ReadOnlySpan<byte> key, bool isShown) => isShown ? KeyText.ToBase64(key) : "(hidden)";
}
