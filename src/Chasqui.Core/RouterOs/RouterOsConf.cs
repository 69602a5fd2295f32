using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.RouterOs;

/// <summary>Makes the configuration file of one interface out of RouterOS's tables.</summary>
internal sealed class RouterOsConf
{
    private static readonly string[] Known = ["name", "comment", "disabled", "listen-port", "mtu", "private-key"];
    private static readonly string[] KnownOfAddress = ["address", "interface", "network", "comment", "disabled", "advertise", "broadcast", "no-dad"];

    private readonly RouterOsItem _item;
    private readonly string _name;
    private readonly RouterOsTables _tables;
    private readonly List<RouterOsNote> _notes;
    private readonly ConfDocument _document = ConfDocument.Parse("");
    private readonly ConfSection _section;
    private readonly List<QuickAddress> _addresses = [];

    internal RouterOsConf(RouterOsItem item, string name, RouterOsTables tables, List<RouterOsNote> notes)
    {
        _item = item;
        _name = name;
        _tables = tables;
        _notes = notes;
        _section = _document.AddInterface();
    }

    /// <summary>The file's text.</summary>
    internal string Build()
    {
        ReadInterface();
        ReadAddresses(RouterOsTables.Addresses, "");
        ReadAddresses(RouterOsTables.AddressesV6, "/64");
        var peers = new RouterOsPeers(_document, _notes);
        foreach (RouterOsItem peer in _tables.Of(RouterOsTables.Peers))
        {
            if (peer.Get("interface") == _name)
            {
                peers.Add(peer);
            }
        }

        new RouterOsRoutes(_name, _addresses, _tables, _notes).Write(_section, peers.AllowedIps);
        return _document + peers.Disabled;
    }

    /// <summary>A text as one line of a file: what is no character for a line is a space.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            string character = rune.ToString();
            line.Append(ConfText.IsOneLine(character) ? character : " ");
        }

        return ConfText.Trim(line.ToString()).ToString();
    }

    private void Note(RouterOsItem item, string property, string sentence) =>
        _notes.Add(new RouterOsNote(item.LineOf(property), $"{property}: {sentence}"));

    private void ReadInterface()
    {
        SetNumber(ConfKeys.ListenPort, "listen-port", 1, ushort.MaxValue);
        SetNumber(ConfKeys.Mtu, "mtu", 68, ushort.MaxValue);
        ReadPrivateKey();
        if (_item.Get("comment") is { } comment && OneLine(comment) is { Length: > 0 } line)
        {
            _section.SetNote("Comment", line);
        }

        if (_item.IsDisabled)
        {
            Note(_item, "disabled", "the interface is off on RouterOS; the file does not say so. Do not bring it up, if it is to stay off.");
        }

        foreach (RouterOsWord word in _item.Properties)
        {
            if (!Known.Contains(word.Name) && word.Kind == RouterOsWordKind.Text && !(word.Name == "vrf" && word.Value == "main"))
            {
                Note(_item, word.Name!, "a file has no key for it; it is left out.");
            }
        }
    }

    private void ReadPrivateKey()
    {
        Span<byte> key = stackalloc byte[PrivateKey.Length];
        string? text = _item.Get("private-key");
        bool isKey = KeyText.TryParseBase64(text, key);
        SecretMemory.Zero(key);
        if (isKey)
        {
            _section.Set(ConfKeys.PrivateKey, text!);
            return;
        }

        Note(_item, "private-key", text is null
            ? "the export hides it. Export with show-sensitive, or write PrivateKey into the file; without it there is no handshake."
            : "the value is no key in base64; it is left out.");
    }

    private void SetNumber(string key, string property, int minimum, int maximum)
    {
        if (_item.Get(property) is not { } text)
        {
            return;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum)
        {
            _section.Set(key, number.ToString(CultureInfo.InvariantCulture));
        }
        else if (number != 0 || text != "0")
        {
            Note(_item, property, $"{ConfText.Quote(text)} is no number from {minimum} to {maximum}; it is left out.");
        }
    }

    /// <summary>Reads a table of addresses.</summary>
    /// <param name="menu">The table.</param>
    /// <param name="defaultLength">What RouterOS adds to an address without a length: nothing to an IPv4 one, a host.</param>
    private void ReadAddresses(string menu, string defaultLength)
    {
        foreach (RouterOsItem item in _tables.Of(menu))
        {
            if (item.Get("interface") != _name)
            {
                continue;
            }

            string text = item.Get("address") ?? "";
            text += text.Contains('/', StringComparison.Ordinal) ? "" : defaultLength;
            bool isAddress = QuickAddress.TryParse(text, out QuickAddress address);
            if (!isAddress || item.IsDisabled || item.Get("from-pool") is not null || item.Is("eui-64"))
            {
                string why = item.IsDisabled ? "is disabled" : isAddress ? "is completed by RouterOS" : "is no address";
                Note(item, "address", $"{ConfText.Quote(text)} {why}; it is left out.");
                continue;
            }

            Add(item, address);
        }
    }

    private void Add(RouterOsItem item, QuickAddress address)
    {
        _section.Add(ConfKeys.Address, address.ToString());
        _addresses.Add(address);
        if (item.Get("network") is { } network && (!IpAddress.TryParse(network, out IpAddress other) || other != address.Prefix.Address))
        {
            Note(item, "network", $"{ConfText.Quote(network)} is not the network of {address}, which the file has; a point-to-point address needs PostUp.");
        }

        foreach (RouterOsWord word in item.Properties)
        {
            if (!KnownOfAddress.Contains(word.Name) && word is { Kind: RouterOsWordKind.Text, Name: not ("eui-64" or "from-pool" or "vrf") })
            {
                Note(item, word.Name!, "a file has no key for it; it is left out.");
            }
        }
    }
}
