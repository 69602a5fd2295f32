using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Keys;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>A hub's file to which a peer of any name is added, and the values that a person gives for it.</summary>
/// <remarks>Shape: the first line is the name and each of the values, the rest the file.</remarks>
internal sealed class HubTarget : IFuzzTarget
{
    private const string Key = "GtL7fZc/bLnqZldpVofMCD6hDjrK28SsdLxevJ+qtKU=";
    private const string Base = "[Interface]\n# Endpoint = vpn.example.com\n# ClientDNS = 10.8.0.1\nAddress = 10.8.0.1/24, fd00::1/64\n";

    public string Name => "hub";

    public string Summary => "HubConf: a peer of any name is one more peer and nothing else; values are what stock reads; removed, all is as before";

    public int MaxLength => 1200;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes($"phone\n{Base}"),
        Encoding.UTF8.GetBytes($"[2001:db8::1]:51820\n{Base}PostUp = x # y\n\n[Peer]\n# Name = a\nPublicKey = {Key}\nAllowedIPs = 10.8.0.2/32, fd00::2/128\n"),
        Encoding.UTF8.GetBytes($"10.8.0.1, lan\n{Base}\n# b\n[Peer] # c\nPublicKey = {Key}\nPresharedKey={Key}\nEndpoint = a:1\nPersistentKeepalive = 25"),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "[Interface]", "[Peer]", "\n", "\r\n", "\0", "#", "# Name = ", "# ClientMTU = ", "=", " ", ":51820", ",", "PostUp = ", Key, "AllowedIPs = 10.8.0.0/24" }
            .Select(Encoding.ASCII.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        string text = ConfEncoding.Decode(input);
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        string first = end < 0 ? text : text[..end], file = end < 0 ? Base : text[(end + 1)..];
        CheckEndpoint(first);
        CheckDns(first);
        CheckHub(first, file);
    }

    private static void CheckEndpoint(string text)
    {
        if (Try(() => ClientValues.ReadEndpoint(text, 1)) is not { } endpoint)
        {
            return;
        }

        using WgConf conf = WgConf.Parse($"[Peer]\nPublicKey = {Key}\nEndpoint = {endpoint}\n", new WgConfOptions());
        Check.Same(conf.Peers[0].Endpoint!.Value.Text, endpoint);
        Check.Same(ClientValues.ReadEndpoint(endpoint, 0), endpoint);
    }

    private static void CheckDns(string text)
    {
        if (Try(() => ClientValues.ReadDns(text)) is { } dns)
        {
            QuickConf conf = QuickConf.Parse($"[Interface]\nDNS = {dns}\n", null);
            Check.Same(string.Join(", ", dns.Split(", ").Order(StringComparer.Ordinal)), string.Join(", ", conf.Dns.Concat(conf.DnsSearch).Select(static word => word.Text).Order(StringComparer.Ordinal)));
        }
    }

    private static void CheckHub(string name, string text)
    {
        using HubConf? hub = Try(() => HubConf.Parse(text, null, new WgConfOptions()));
        if (hub is null)
        {
            return;
        }

        _ = Try(() => hub.SettingsFor(new ClientSettings(), 51820));
        string before = hub.QuickConf.Strip();
        int count = hub.Peers.Count;
        if (Try(() => FreeAddress.Find(hub.Addresses, hub.TakenPrefixes())) is not { } addresses
            || Try(() => hub.Add(new HubPeer { Name = name, PublicKey = NewKey(hub), Addresses = addresses }, default)) is null)
        {
            Check.Same(hub.Document.ToString(), text);
            return;
        }

        using HubConf after = HubConf.Parse(hub.Document.ToString(), null, new WgConfOptions());
        Check.That(after.Peers.Count == count + 1);
        Check.That(after.Find(name.Trim(' ', '\t', '\r', '\v', '\f')) == count);
        Check.Same(string.Join(", ", after.ClientAddresses(count)), string.Join(", ", addresses));
        _ = after.Document.Remove(after.SectionOf(count));
        Check.Same(WithoutBlankLines(QuickConf.Parse(after.Document, null).Strip()), WithoutBlankLines(before));
    }

    private static string WithoutBlankLines(string text) =>
        string.Join('\n', text.Split('\n').Where(static line => !string.IsNullOrWhiteSpace(line)));

    private static PublicKey NewKey(HubConf hub)
    {
        byte[] key = new byte[PublicKey.Length];
        do
        {
            key[0]++;
        }
        while (hub.Peers.Any(peer => peer.PublicKey == new PublicKey(key)));

        return new PublicKey(key);
    }

    /// <summary>The answer, or null if it is refused in one line.</summary>
    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ConfigException exception)
        {
            Check.That(!exception.Message.Any(char.IsControl));
            return null;
        }
    }
}
