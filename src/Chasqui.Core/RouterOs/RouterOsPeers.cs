using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Crypto;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.RouterOs;

/// <summary>Writes RouterOS's peers of one interface into a file.</summary>
internal sealed class RouterOsPeers(ConfDocument document, List<RouterOsNote> notes)
{
    private static readonly string[] Known =
    [
        "interface", "name", "comment", "disabled", "public-key", "private-key", "preshared-key", "endpoint-address", "endpoint-port",
        "allowed-address", "persistent-keepalive", "responder", "is-responder",
    ];

    /// <summary>What RouterOS keeps to render the other end's file, and the label that it has as a comment in ours.</summary>
    private static readonly KeyValuePair<string, string>[] Client =
    [
        new("client-mtu", "ClientMTU"),
        new("client-listen-port", "ClientListenPort"),
        new("client-keepalive", "ClientKeepalive"),
        new("client-allowed-address", "ClientAllowedIPs"),
        new("client-endpoint", "ClientEndpoint"),
        new("client-dns", "ClientDNS"),
        new("client-address", "ClientAddress"),
    ];

    private readonly HashSet<PublicKey> _keys = [];
    private readonly StringBuilder _disabled = new();

    /// <summary>The peers that are off, as comments for the end of the file.</summary>
    internal string Disabled => _disabled.ToString();

    /// <summary>What the peers that are on may send, each with the line that says so.</summary>
    internal List<KeyValuePair<IpPrefix, int>> AllowedIps { get; } = [];

    /// <summary>Adds a peer.</summary>
    internal void Add(RouterOsItem item)
    {
        if (ReadPublicKey(item) is not { } key)
        {
            return;
        }

        if (!item.IsDisabled && !_keys.Add(key))
        {
            Note(item, "public-key", "another peer of the interface has it; this one is left out.");
            return;
        }

        // One that is off is written all the same, elsewhere, and becomes a comment.
        ConfDocument target = item.IsDisabled ? ConfDocument.Parse("") : document;
        ConfSection section = target.AddPeer(key, null);
        List<IpPrefix> prefixes = Write(item, section);
        string? title = Name(item, section);
        if (item.IsDisabled)
        {
            AddDisabled(section, title);
            Note(item, "disabled", "the peer is off on RouterOS; it is a comment at the end of the file.");
            return;
        }

        prefixes.ForEach(prefix => AllowedIps.Add(new(prefix, item.LineOf("allowed-address"))));
    }

    private void Note(RouterOsItem item, string property, string sentence) =>
        notes.Add(new RouterOsNote(item.LineOf(property), $"{property}: {sentence}"));

    private PublicKey? ReadPublicKey(RouterOsItem item)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        if (KeyText.TryParseBase64(item.Get("public-key"), bytes))
        {
            return new PublicKey(bytes);
        }

        if (item.Get("public-key") is null && KeyText.TryParseBase64(item.Get("private-key"), bytes))
        {
            using var key = new PrivateKey(bytes);
            SecretMemory.Zero(bytes);
            return key.DerivePublicKey();
        }

        Note(item, "public-key", "it is missing, or no key in base64; the peer is left out.");
        return null;
    }

    private List<IpPrefix> Write(RouterOsItem item, ConfSection section)
    {
        WritePresharedKey(item, section);
        List<IpPrefix> prefixes = ReadAllowedIps(item);
        if (prefixes.Count > 0)
        {
            section.Set(ConfKeys.AllowedIps, string.Join(", ", prefixes));
        }

        WriteEndpoint(item, section);
        if (item.Get("persistent-keepalive") is { } keepalive)
        {
            WriteKeepalive(item, section, keepalive);
        }

        if (item.Is("responder") || item.Is("is-responder"))
        {
            Note(item, item.Is("responder") ? "responder" : "is-responder", "there is no such key; a peer without Endpoint is never called first.");
        }

        if (item.Get("private-key") is not (null or "none"))
        {
            Note(item, "private-key", "it belongs to the other end; it is left out.");
        }

        foreach (RouterOsWord word in item.Properties)
        {
            if (!Known.Contains(word.Name) && !IsOfClient(word.Name) && word.Kind == RouterOsWordKind.Text)
            {
                Note(item, word.Name!, "a file has no key for it; it is left out.");
            }
        }

        return prefixes;
    }

    private void WritePresharedKey(RouterOsItem item, ConfSection section)
    {
        if (item.Get("preshared-key") is not { } text || text == "none")
        {
            return;
        }

        Span<byte> key = stackalloc byte[PresharedKey.Length];
        bool isKey = KeyText.TryParseBase64(text, key);
        SecretMemory.Zero(key);
        if (isKey)
        {
            section.Set(ConfKeys.PresharedKey, text);
        }
        else
        {
            Note(item, "preshared-key", "the value is no key in base64; it is left out, and without it there is no handshake.");
        }
    }

    private List<IpPrefix> ReadAllowedIps(RouterOsItem item)
    {
        List<IpPrefix> prefixes = [];
        const StringSplitOptions Words = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (string text in (item.Get("allowed-address") ?? "").Split(',', Words))
        {
            if (IpPrefix.TryParse(text, out IpPrefix prefix))
            {
                prefixes.Add(prefix);
            }
            else
            {
                Note(item, "allowed-address", $"{ConfText.Quote(text)} is no address with a length; it is left out.");
            }
        }

        return prefixes;
    }

    private void WriteEndpoint(RouterOsItem item, ConfSection section)
    {
        string host = item.Get("endpoint-address") ?? "";
        string port = item.Get("endpoint-port") ?? "0";
        if (host.Length == 0 && port == "0")
        {
            return;
        }

        bool isHost = host.Length > 0 && host.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':');
        if (isHost && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0)
        {
            string bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
            section.Set(ConfKeys.Endpoint, string.Create(CultureInfo.InvariantCulture, $"{bracketed}:{number}"));
        }
        else
        {
            Note(item, host.Length > 0 ? "endpoint-address" : "endpoint-port", "host and port do not make an Endpoint; it is left out.");
        }
    }

    private void WriteKeepalive(RouterOsItem item, ConfSection section, string text)
    {
        if (!RouterOsTime.TryReadSeconds(text, out long seconds) || seconds > ushort.MaxValue)
        {
            Note(item, "persistent-keepalive", $"{ConfText.Quote(text)} is no interval up to 65535 seconds; it is left out.");
        }
        else if (seconds > 0)
        {
            section.Set(ConfKeys.PersistentKeepalive, seconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Names the section: by its name, or by its comment if RouterOS has made the name up.</summary>
    private string? Name(RouterOsItem item, ConfSection section)
    {
        string? name = Clean(item.Get("name")), comment = Clean(item.Get("comment"));
        string? title = name is null || (comment is not null && IsMadeUp(name)) ? comment : name;
        title = TryRename(item, section, title) ? title : null;

        // Each goes on top of those before it, and the name on top of all.
        section.Rename(null);
        foreach ((string property, string label) in Client)
        {
            if (Clean(item.Get(property)) is { } value)
            {
                Remark(item, section, property, label, value, title is not null);
            }
        }

        if (comment is not null && comment != title)
        {
            Remark(item, section, "comment", "Comment", comment, title is not null);
        }

        section.SetNote(ConfSection.NameLabel, title);
        return title;
    }

    private static bool IsOfClient(string? property) => Array.Exists(Client, known => known.Key == property);

    private static bool IsMadeUp(string name) =>
        name.StartsWith("peer", StringComparison.Ordinal) && name.AsSpan(4).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string? Clean(string? text) => text is null || RouterOsConf.OneLine(text) is not { Length: > 0 } line ? null : line;

    private bool TryRename(RouterOsItem item, ConfSection section, string? title)
    {
        try
        {
            section.Rename(title);
            return title is not null;
        }
        catch (ConfigException exception)
        {
            Note(item, item.Get("name") is null ? "comment" : "name", exception.Reason);
            return false;
        }
    }

    /// <summary>Keeps a value as a comment; not in a section without a name, whose name it would seem to be.</summary>
    private void Remark(RouterOsItem item, ConfSection section, string property, string label, string value, bool hasName)
    {
        if (hasName)
        {
            section.SetNote(label, value);
        }

        if (property != "comment" || !hasName)
        {
            string what = hasName && !item.IsDisabled ? "is kept as a comment" : "is left out";
            Note(item, property, IsOfClient(property) ? $"it is for the other end's file; it {what}." : $"it {what}.");
        }
    }

    private void AddDisabled(ConfSection section, string? title)
    {
        _disabled.Append("\n# [Peer] off on RouterOS").Append(title is null ? "" : $": {title}").Append('\n');
        foreach (ConfLine line in section.Entries)
        {
            _disabled.Append("# ").Append(line.Text).Append('\n');
        }
    }
}
