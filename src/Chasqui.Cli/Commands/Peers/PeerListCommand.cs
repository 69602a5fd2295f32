using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chasqui.Cli.Commands.Wg;
using Chasqui.Control;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Linux;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands.Peers;

/// <summary><c>peer list IFNAME</c>: the file's peers by name, and what the running interface knows of them.</summary>
internal static class PeerListCommand
{
    private const string Json = "--json";
    private const int DocumentVersion = 1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Options Declared = new(
        "peer list",
        ["IFNAME"],
        new Option(Json, null, "One JSON document; see docs/json.md"))
    {
        About = "Lists the peers of the interface's file, whether it runs or not, and those that only run.",
    };

    /// <summary>Lists the peers.</summary>
    internal static int Run(Invocation invocation) => Declared.Run(invocation, values =>
    {
        QuickFile file = QuickFile.Load(values.Words[0]);
        using HubConf hub = HubConf.Parse(file.Text, file.Path, new WgConfOptions());
        using DeviceSnapshot? running = ReadRunning(file.InterfaceName);
        List<ListedPeer> peers = List(hub, running);
        if (values.Has(Json))
        {
            string? publicKey = hub.PrivateKey is { IsZero: false } key ? key.DerivePublicKey().ToString() : null;
            Write(invocation.Terminal, new PeerListDocument(DocumentVersion, file.InterfaceName, file.Path, publicKey, running is not null, peers));
        }
        else
        {
            WriteTable(invocation.Terminal.PlainOutput, peers, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        }

        return Invocation.Success;
    });

    private static DeviceSnapshot? ReadRunning(string name)
    {
        try
        {
            return new UapiClient().Get(name);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPROTONOSUPPORT or Errno.ENODEV or Errno.EOPNOTSUPP)
        {
            return null;
        }
    }

    private static List<ListedPeer> List(HubConf hub, DeviceSnapshot? running)
    {
        Dictionary<PublicKey, PeerSnapshot> known = [];
        foreach (PeerSnapshot peer in running?.Peers ?? [])
        {
            known[peer.PublicKey] = peer;
        }

        List<ListedPeer> peers = [];
        for (int i = 0; i < hub.Peers.Count; i++)
        {
            _ = known.Remove(hub.Peers[i].PublicKey, out PeerSnapshot? state);
            peers.Add(Describe(hub.NameOf(i), hub.Peers[i], state));
        }

        // In the device's order.
        peers.AddRange((running?.Peers ?? []).Where(peer => known.ContainsKey(peer.PublicKey)).Select(static peer => Describe(null, null, peer)));
        return peers;
    }

    private static ListedPeer Describe(string? name, WgConfPeer? written, PeerSnapshot? running) => new()
    {
        Name = name,
        PublicKey = (written?.PublicKey ?? running!.PublicKey).ToString(),
        HasPresharedKey = (running is null ? written!.PresharedKey : running.PresharedKey) is { IsZero: false },
        AllowedIps = running is null
            ? [.. written!.AllowedIps.Select(static change => change.Prefix.ToString())]
            : [.. running.AllowedIps.Select(static prefix => prefix.ToString())],
        Endpoint = running is { Endpoint.IsNone: false } ? running.Endpoint.ToString() : written?.Endpoint?.ToString(),
        IsInFile = written is not null,
        IsRunning = running is not null,
        LatestHandshake = running?.LastHandshakeUnixNanoseconds / NanosecondsPerSecond,
        ReceivedBytes = running?.ReceivedBytes,
        SentBytes = running?.SentBytes,
    };

    private static void Write(Terminal terminal, PeerListDocument document)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Layout))
        {
            JsonSerializer.Serialize(writer, document, PeerListContext.Default.PeerListDocument);
        }

        buffer.Write("\n"u8);
        terminal.WriteOutput(buffer.WrittenSpan);
    }

    private static void WriteTable(TextWriter output, List<ListedPeer> peers, long unixNow)
    {
        List<string[]> rows = [["NAME", "ALLOWED IPS", "ENDPOINT", "LATEST HANDSHAKE", "RECEIVED", "SENT", "PUBLIC KEY"]];
        rows.AddRange(peers.Select(peer => Row(peer, unixNow)));
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder line = new();
        foreach (string[] row in rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                _ = line.Append(row[column].PadRight(widths[column] + 2));
            }

            output.WriteLine(line.ToString().TrimEnd());
            _ = line.Clear();
        }
    }

    private static string[] Row(ListedPeer peer, long unixNow) =>
    [
        peer.Label,
        peer.AllowedIps.Count == 0 ? "-" : string.Join(",", peer.AllowedIps),
        Safe(peer.Endpoint ?? "-"),
        peer.LatestHandshake switch { null => "-", 0 => "never", var moment => Ago(moment.Value, unixNow) },
        peer.ReceivedBytes is { } received ? Text(text => Quantity.AppendBytes(text, received)) : "-",
        peer.SentBytes is { } sent ? Text(text => Quantity.AppendBytes(text, sent)) : "-",
        peer.PublicKey,
    ];

    private static string Ago(long moment, long unixNow) =>
        moment >= unixNow ? "now" : Text(text => Quantity.AppendDuration(text, (ulong)(unixNow - moment))) + " ago";

    private static string Text(Action<StyledText> append)
    {
        using WgText text = new();
        append(new StyledText(text, isColoured: false));
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>A text of the file's without what could drive a terminal.</summary>
    private static string Safe(string text) => ConfigException.Quote(text)[1..^1];
}
