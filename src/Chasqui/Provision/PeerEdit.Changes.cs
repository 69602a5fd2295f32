using Chasqui.Core.Config;
using Chasqui.Core.Config.Provision;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;
using Chasqui.Names;
using Chasqui.Quick;

namespace Chasqui.Provision;

/// <content>The changes themselves.</content>
public sealed partial class PeerEdit
{
    /// <summary>Adds a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="deliver">Hands its own file over, before anything else is done; called as a step. Null for nothing.</param>
    /// <param name="withdraw">Takes that file back if a later step fails. Null for nothing.</param>
    /// <returns>The section that is in the file.</returns>
    /// <exception cref="ConfigException">The name, the key or an address is taken. Nothing has changed.</exception>
    /// <exception cref="QuickException">A step failed, and those before it are undone.</exception>
    public ConfSection Add(HubPeer peer, Action? deliver, Action? withdraw)
    {
        ArgumentNullException.ThrowIfNull(peer);
        CheckRunningPeers(peer);
        ConfSection section = Hub.Add(peer, PublicKey);
        QuickTransaction steps = Begin();
        Deliver(steps, deliver, withdraw);
        if (Running is not null)
        {
            DeviceChange change = Change(ToChange(peer));
            string key = peer.PublicKey.ToString(), secret = peer.PresharedKey is null ? "" : " preshared-key (hidden)";
            steps.Do(
                $"wg set {InterfaceName} peer {key}{secret} allowed-ips {string.Join(',', peer.AllowedIps)}",
                "",
                () => _running.Set(change, ToNameChange(peer)),
                $"wg set {InterfaceName} peer {key} remove",
                () => _running.Set(Change(Removal(peer.PublicKey))));
            _running.AddRoutes(steps, peer.AllowedIps);
        }

        WriteFile(steps, $"write [Peer] {peer.PublicKey} to {Path}");
        return section;
    }

    /// <summary>Removes a peer.</summary>
    /// <param name="index">Its place among the file's peers.</param>
    /// <exception cref="QuickException">A step failed, and those before it are undone.</exception>
    public void Remove(int index)
    {
        PublicKey key = Hub.Peers[index].PublicKey;
        _ = Hub.Document.Remove(Hub.SectionOf(index));
        QuickTransaction steps = Begin();
        WriteFile(steps, $"remove [Peer] {key} from {Path}");
        if (_running.Find(key) is not { } running)
        {
            return;
        }

        // The peer goes last: its session is what could not be brought back.
        HashSet<IpPrefix> others = [.. Running!.Peers.Where(peer => peer.PublicKey != key).SelectMany(static peer => peer.AllowedIps)];
        _running.DeleteRoutes(steps, running.AllowedIps.Where(prefix => !others.Contains(prefix)));
        steps.Do($"wg set {InterfaceName} peer {key} remove", "", () => _running.Set(Change(Removal(key))));
    }

    /// <summary>Gives a peer another name.</summary>
    /// <exception cref="ConfigException">A peer has the name, or it is none. Nothing has changed.</exception>
    /// <exception cref="QuickException">The file could not be written.</exception>
    public void Rename(int index, string name)
    {
        ConfSection section = Hub.SectionOf(index);
        if (section.Name != name)
        {
            Hub.RequireFreeName(name);
        }

        section.Rename(name);
        WriteFile(Begin(), $"write # Name = {section.Name} to {Path}");
    }

    /// <summary>Gives a peer new keys; its name, addresses and all else stay, and so do the sessions of all others.</summary>
    /// <param name="index">Its place among the file's peers.</param>
    /// <param name="publicKey">The new public key; null keeps the one it has.</param>
    /// <param name="presharedKey">The new preshared key; null takes it away.</param>
    /// <param name="deliver">Hands its own file over, before anything else is done; called as a step. Null for nothing.</param>
    /// <param name="withdraw">Takes that file back if a later step fails. Null for nothing.</param>
    /// <exception cref="ConfigException">The key is another's. Nothing has changed.</exception>
    /// <exception cref="QuickException">A step failed, and those before it are undone.</exception>
    public void Rotate(int index, PublicKey? publicKey, PresharedKey? presharedKey, Action? deliver, Action? withdraw)
    {
        PublicKey before = Hub.Peers[index].PublicKey, after = publicKey ?? before;
        if (after != before)
        {
            Hub.RequireFreeKey(after, PublicKey);
        }

        WriteKeys(Hub.SectionOf(index), after, presharedKey);
        QuickTransaction steps = Begin();
        Deliver(steps, deliver, withdraw);
        WriteFile(steps, $"write the keys of [Peer] {after} to {Path}");
        if (_running.Find(before) is { } running)
        {
            PresharedKey none = new(new byte[PresharedKey.Length]);
            DeviceChange change = after == before
                ? Change(new PeerChange { PublicKey = after, UpdateOnly = true, PresharedKey = presharedKey ?? none })
                : Change(Removal(before), Successor(running, index, after, presharedKey));
            string removal = after == before ? "" : $"peer {before} remove ";
            steps.Do($"wg set {InterfaceName} {removal}peer {after} preshared-key (hidden)", "", () => _running.Set(change));
        }
    }

    private static void WriteKeys(ConfSection section, PublicKey publicKey, PresharedKey? presharedKey)
    {
        section.Set(ConfKeys.PublicKey, publicKey.ToString());
        if (presharedKey is null)
        {
            _ = section.Remove(ConfKeys.PresharedKey);
        }
        else
        {
            section.Set(ConfKeys.PresharedKey, KeyText.ToBase64(presharedKey.DangerousSpan));
        }
    }

    private static DeviceChange Change(params PeerChange[] peers) => new() { Peers = peers };

    private static PeerChange Removal(PublicKey key) => new() { PublicKey = key, Remove = true };

    private static AllowedIpChange[] Additions(IEnumerable<IpPrefix> prefixes) =>
        [.. prefixes.Select(static prefix => new AllowedIpChange(prefix, Remove: false))];

    private static void Deliver(QuickTransaction steps, Action? deliver, Action? withdraw)
    {
        if (deliver is not null)
        {
            steps.Do("write the client's file", "", deliver, "remove the client's file", withdraw);
        }
    }

    /// <summary>Refuses what would take something from a running peer that the file does not know.</summary>
    private void CheckRunningPeers(HubPeer peer)
    {
        if (Running is null)
        {
            return;
        }

        if (_running.Find(peer.PublicKey) is not null && Hub.Peers.All(known => known.PublicKey != peer.PublicKey))
        {
            throw new ConfigException(
                $"`{InterfaceName}' runs with a peer {peer.PublicKey} that its file does not have; `chasqui save' writes it there.");
        }

        foreach (IpPrefix prefix in peer.AllowedIps)
        {
            // A peer of the file is refused by its name, when the peer is added there.
            bool isInFile = Hub.Peers.Any(known => known.AllowedIps.Any(change => change.Prefix == prefix));
            if (!isInFile && Running.Peers.FirstOrDefault(running => running.AllowedIps.Contains(prefix)) is { } owner)
            {
                throw new ConfigException(
                    $"the running peer {owner.PublicKey} has {prefix} already, and a prefix belongs to one peer; give another.");
            }

            if (prefix.Length == 0 && Hub.QuickConf.Table is null)
            {
                throw new ConfigException(
                    $"{prefix} is a default route, which only `up' sets up; take `{InterfaceName}' down, add the peer, and bring it up.");
            }
        }
    }

    private PeerChange ToChange(HubPeer peer) => new()
    {
        PublicKey = peer.PublicKey,
        PresharedKey = peer.PresharedKey,
        Endpoint = Resolve(peer.Endpoint),
        ReplaceAllowedIps = true,
        AllowedIps = Additions(peer.AllowedIps),
    };

    /// <summary>A running peer under its new key. It comes from somewhere else perhaps: only an endpoint of the file's is kept.</summary>
    private PeerChange Successor(PeerSnapshot running, int index, PublicKey key, PresharedKey? presharedKey) => new()
    {
        PublicKey = key,
        PresharedKey = presharedKey,
        Endpoint = Hub.Peers[index].Endpoint is null ? null : running.Endpoint,
        PersistentKeepaliveSeconds = running.PersistentKeepaliveSeconds,
        ReplaceAllowedIps = true,
        AllowedIps = Additions(running.AllowedIps),
    };

    /// <summary>The address of an endpoint, as far as it is known in time: the daemon goes on asking for a name's.</summary>
    private IpEndpoint? Resolve(string? endpoint)
    {
        if (endpoint is null)
        {
            return null;
        }

        EndpointResolution resolution = EndpointLookup.ResolveWithin(Split(endpoint), NamePatience);
        if (resolution.Failure is null)
        {
            return resolution.Endpoint;
        }

        _log.WriteLine($"[!] the endpoint {endpoint} does not resolve yet: until it does, this peer must speak first");
        return null;
    }

    /// <summary>The change that tells a daemon of ours the name of a peer's endpoint; null if it has none.</summary>
    private static DeviceChange? ToNameChange(HubPeer peer) =>
        peer.Endpoint is { } endpoint && Split(endpoint).TryGetName(EndpointLookup.FindPort, out EndpointName name)
            ? Change(new PeerChange { PublicKey = peer.PublicKey, UpdateOnly = true, EndpointName = name })
            : null;

    private static ConfEndpoint Split(string endpoint)
    {
        int colon = endpoint.LastIndexOf(':');
        return new ConfEndpoint(endpoint, endpoint[..colon].Trim('[', ']'), endpoint[(colon + 1)..]);
    }
}
