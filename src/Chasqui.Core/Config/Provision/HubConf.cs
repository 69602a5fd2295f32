using Chasqui.Core.Keys;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config.Provision;

/// <summary>The file of an interface that peers are added to: the text that is edited, and what it means.</summary>
/// <remarks>
/// What the properties say is the file as it was read; an edit changes <see cref="Document"/>, and whoever wants its meaning reads its text
/// again. Ownership: holds secrets, which <see cref="Dispose"/> zeroes. Threads: one at a time.
/// </remarks>
public sealed class HubConf : IDisposable
{
    /// <summary>The keepalive of clients that are told nothing else: often enough for every router that translates addresses.</summary>
    public const ushort UsualKeepaliveSeconds = 25;

    private const int MinKeyPrefixLength = 4;

    private readonly string? _file;
    private readonly WgConf _device;
    private readonly ConfSection[] _sections;

    private HubConf(string text, string? file, WgConfOptions options)
    {
        _file = file;
        Document = ConfDocument.Parse(text);
        QuickConf = QuickConf.Parse(text, file);
        Addresses = QuickConf.ReadAddresses();
        _sections = [.. Document.Peers];
        Interface = Document.Interface ?? throw new ConfigException($"{file}: there is no [Interface] section; make a file with `chasqui new'.");
        _device = WgConf.Parse(QuickConf.StripInPlace(), options with { File = file });
        RequireSameSections();
    }

    /// <summary>The text that is edited.</summary>
    public ConfDocument Document { get; }

    /// <summary>The interface's section.</summary>
    public ConfSection Interface { get; }

    /// <summary>What the file says to <c>wg-quick</c>.</summary>
    public QuickConf QuickConf { get; }

    /// <summary>The interface's addresses.</summary>
    public IReadOnlyList<QuickAddress> Addresses { get; }

    /// <summary>The interface's private key; null if the file has none.</summary>
    public PrivateKey? PrivateKey => _device.PrivateKey;

    /// <summary>The interface's UDP port; 0 if the file names none.</summary>
    public ushort ListenPort => _device.ListenPort ?? 0;

    /// <summary>The peers in order, one for each of the document's peer sections.</summary>
    public IReadOnlyList<WgConfPeer> Peers => _device.Peers;

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name for messages, or null.</param>
    /// <param name="options">How <c>wg</c>'s part is read.</param>
    /// <exception cref="ConfigException">Stock tools refuse it, or it has no interface.</exception>
    public static HubConf Parse(string text, string? file, WgConfOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        return new HubConf(text, file, options);
    }

    /// <summary>What all clients are told.</summary>
    /// <param name="port">The port of an endpoint that names none; 0 if it must.</param>
    /// <exception cref="ConfigException">A comment has a value that cannot be meant.</exception>
    public ClientSettings ReadSettings(ushort port) => ClientSettings.Read(Interface, port, _file);

    /// <summary>What a client is told: its own comments, the interface's, and what follows from the interface itself.</summary>
    /// <remarks>
    /// Of the addresses: those that the peer's own list names and no others; else the tunnel's networks, and those that the interface's
    /// comment names. Where the tunnel's networks were taken out of everything with all private ones, they are put back.
    /// </remarks>
    /// <param name="own">What this client is told instead of the others.</param>
    /// <param name="port">The port of an endpoint that names none.</param>
    /// <exception cref="ConfigException">A comment has a value that cannot be meant.</exception>
    public ClientSettings SettingsFor(ClientSettings own, ushort port)
    {
        ArgumentNullException.ThrowIfNull(own);
        ClientSettings all = ReadSettings(port);
        own = own.AllowedIps is { HasOperator: true } ? own with { AllowedIps = WithTunnel(own.AllowedIps) } : own;
        return own.Or(all with { AllowedIps = WithTunnel(all.AllowedIps) }).Or(new ClientSettings
        {
            Mtu = QuickConf.ReadMtu(),
            PersistentKeepaliveSeconds = UsualKeepaliveSeconds,
        });
    }

    /// <summary>Finds a peer by its name, its public key, or the first characters of its key.</summary>
    /// <returns>Its place among the peers.</returns>
    /// <exception cref="ConfigException">There is none, or more than one.</exception>
    public int Find(string nameOrKey)
    {
        ArgumentNullException.ThrowIfNull(nameOrKey);
        if (Document.FindPeer(nameOrKey) is { } section)
        {
            return Array.IndexOf(_sections, section);
        }

        int[] found = nameOrKey.Length < MinKeyPrefixLength ? [] : [.. Enumerable.Range(0, Peers.Count)
            .Where(index => Peers[index].PublicKey.ToString().StartsWith(nameOrKey, StringComparison.Ordinal))];
        return found switch
        {
            [var index] => index,
            [] => throw new ConfigException(
                $"{_file} has no peer {ConfText.QuoteNameOrKey(nameOrKey)}; give a name or a key that `chasqui peer list' shows, "
                + $"of a key {MinKeyPrefixLength} characters or more."),
            _ => throw new ConfigException($"{ConfText.QuoteNameOrKey(nameOrKey)} begins the keys of {found.Length} peers; give more of the key."),
        };
    }

    /// <summary>The section of a peer.</summary>
    public ConfSection SectionOf(int index) => _sections[index];

    /// <summary>The name of a peer as it may be shown, whatever somebody has written into the file; null if it has none.</summary>
    public string? NameOf(int index) =>
        _sections[index].Name is not { } name ? null : ConfText.IsOneLine(name) ? name : ConfText.Quote(name)[1..^1];

    /// <summary>The prefixes that peers have in the file.</summary>
    public IEnumerable<IpPrefix> TakenPrefixes() =>
        Peers.SelectMany(static peer => peer.AllowedIps).Where(static change => !change.Remove).Select(static change => change.Prefix);

    /// <summary>The addresses of a client's own interface: what the hub sends it, as far as it lies in the hub's networks.</summary>
    public IReadOnlyList<QuickAddress> ClientAddresses(int index)
    {
        List<QuickAddress> addresses = [];
        foreach (IpPrefix prefix in Peers[index].AllowedIps.Select(static change => change.Prefix))
        {
            if (prefix.Length == prefix.Address.Bits && FindNetwork(prefix.Address) is { } network)
            {
                addresses.Add(new QuickAddress(prefix.Address, network.Length));
            }
        }

        // A peer that was given addresses elsewhere has each for itself.
        return addresses.Count > 0 ? addresses : [.. Peers[index].AllowedIps
            .Select(static change => change.Prefix)
            .Where(static prefix => prefix.Length == prefix.Address.Bits)
            .Select(static prefix => new QuickAddress(prefix.Address, prefix.Length))];
    }

    /// <summary>Gives addresses without a length that of the hub's network that they lie in.</summary>
    public IReadOnlyList<QuickAddress> WithNetworks(IReadOnlyList<QuickAddress> addresses) =>
        [.. addresses.Select(address => address.Length == address.Address.Bits && FindNetwork(address.Address) is { } network
            ? address with { Length = network.Length }
            : address)];

    /// <summary>Adds a peer's section to the document.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="hubPublicKey">The interface's own public key, which no peer has.</param>
    /// <exception cref="ConfigException">The name, the key or an address is taken, or is none. Nothing has changed.</exception>
    public ConfSection Add(HubPeer peer, PublicKey hubPublicKey)
    {
        ArgumentNullException.ThrowIfNull(peer);
        RequireFreeName(peer.Name);
        RequireFreeKey(peer.PublicKey, hubPublicKey);
        RequireFree(peer.AllowedIps);
        ConfSection section = Document.AddPeer(peer.PublicKey, peer.Name);
        if (peer.PresharedKey is not null)
        {
            section.Set(ConfKeys.PresharedKey, KeyText.ToBase64(peer.PresharedKey.DangerousSpan));
        }

        section.Set(ConfKeys.AllowedIps, string.Join(", ", peer.AllowedIps));
        if (peer.Endpoint is not null)
        {
            section.Set(ConfKeys.Endpoint, peer.Endpoint);
        }

        peer.Settings.WriteTo(section);
        return section;
    }

    /// <summary>Refuses a name that a peer has, and what is none.</summary>
    /// <exception cref="ConfigException">A peer has it, or it is none.</exception>
    public void RequireFreeName(string name)
    {
        if (Document.FindPeer(ConfSection.CheckName(name)) is not null)
        {
            throw new ConfigException($"{_file} has a peer {ConfText.Quote(name)} already; choose another name, or remove that one first.");
        }
    }

    /// <summary>Refuses a key that a peer or the interface itself has.</summary>
    /// <exception cref="ConfigException">It is taken.</exception>
    public void RequireFreeKey(PublicKey key, PublicKey hubPublicKey)
    {
        if (key == hubPublicKey)
        {
            throw new ConfigException($"{key} is the public key of the interface itself; give the one of the other end.");
        }

        int index = Peers.ToList().FindIndex(peer => peer.PublicKey == key);
        if (index >= 0)
        {
            throw new ConfigException($"{Describe(index)} has the public key {key} already; each peer has a key of its own.");
        }
    }

    /// <summary>Zeroes the secrets.</summary>
    public void Dispose() => _device.Dispose();

    /// <summary>What <c>wg</c> reads as peers must be the sections that are edited: a zero character can make a difference.</summary>
    private void RequireSameSections()
    {
        IEnumerable<string> edited = _sections.Select(static section => ConfText.RemoveSpaces(section.Get(ConfKeys.PublicKey)));
        if (!edited.SequenceEqual(Peers.Select(static peer => peer.PublicKey.ToString())))
        {
            _device.Dispose();
            throw new ConfigException(_file, 0, null, "the peers' sections are not plain text; write the file anew.");
        }
    }

    private void RequireFree(IReadOnlyList<IpPrefix> prefixes)
    {
        foreach (IpPrefix prefix in prefixes)
        {
            if (Addresses.Any(address => new IpPrefix(address.Address, address.Address.Bits) == prefix))
            {
                throw new ConfigException($"{prefix} is the address of the interface itself; give another, or leave it to be chosen.");
            }

            for (int i = 0; i < Peers.Count; i++)
            {
                if (Peers[i].AllowedIps.Any(change => change.Prefix == prefix))
                {
                    throw new ConfigException($"{Describe(i)} has {prefix} already, and a prefix belongs to one peer; give another.");
                }
            }
        }
    }

    private string Describe(int index) =>
        $"the peer {(_sections[index].Name is { } name ? ConfText.Quote(name) : Peers[index].PublicKey.ToString())}";

    private QuickAddress? FindNetwork(IpAddress address)
    {
        foreach (QuickAddress network in Addresses)
        {
            if (network.Length < network.Address.Bits && network.Prefix.Contains(address))
            {
                return network;
            }
        }

        return null;
    }

    /// <summary>What is named, and the tunnel's own networks.</summary>
    private AllowedIpsExpression? WithTunnel(AllowedIpsExpression? allowedIps)
    {
        IpPrefix[] networks = [.. Addresses.Select(static address => address.Prefix).Distinct()];
        string tunnel = string.Join(", ", networks);
        if (allowedIps is null)
        {
            return networks.Length == 0 ? null : AllowedIpsExpression.Parse(tunnel);
        }

        bool isInside = PrefixSet.Of(networks).Except(allowedIps.ToSet()).IsEmpty;
        return isInside ? allowedIps : AllowedIpsExpression.Parse(allowedIps.HasOperator ? $"{allowedIps} + {tunnel}" : $"{tunnel}, {allowedIps}");
    }
}
