using System.Globalization;
using System.Text.Json;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Control;

/// <summary>Reads the members of <c>set</c>: a whole change, or what is wrong with it.</summary>
internal static class ChangeReader
{
    private const int MaxInterfaceName = 15;

    private const string NoSecrets =
        "keys that are secret do not go through this socket: \"wg set\" and \"chasqui set\" take them to /var/run/wireguard/IFNAME.sock";

    /// <summary>Reads a change. What is wrong with the types of the device's own members is left in <paramref name="members"/>.</summary>
    internal static ControlRequest Read(MemberReader members, Func<string, uint?> interfaceIndex)
    {
        if (members.Has("privateKey"))
        {
            return Fail(ControlProtocol.Secret, NoSecrets);
        }

        var peers = new List<PeerChange>();
        foreach (JsonElement item in members.Objects("peers"))
        {
            var peer = new MemberReader(item);
            string where = $"peers[{peers.Count}]";
            if (peer.Has("presharedKey"))
            {
                return Fail(ControlProtocol.Secret, $"{where}: {NoSecrets}");
            }

            PeerChange? change = ReadPeer(peer, interfaceIndex);
            if (change is null || peer.Complaint is not null)
            {
                return Fail(ControlProtocol.BadValue, $"{where}: {peer.Complaint ?? "\"publicKey\" is missing"}");
            }

            if (peer.FindUnknown() is { } unknown)
            {
                return Fail(ControlProtocol.UnknownMember, $"{where}: {ConfigException.Quote(unknown)} is no member of a peer; see docs/control.md");
            }

            peers.Add(change);
        }

        return new ControlRequest { Verb = ControlProtocol.Set, Change = ReadDevice(members, peers) };
    }

    private static DeviceChange ReadDevice(MemberReader members, List<PeerChange> peers) => new()
    {
        ListenPort = (ushort?)members.Integer("listenPort", 0, ushort.MaxValue),
        FwMark = (uint?)members.Integer("fwMark", 0, uint.MaxValue),
        Peers = peers,
    };

    private static PeerChange? ReadPeer(MemberReader peer, Func<string, uint?> interfaceIndex)
    {
        if (peer.Key("publicKey") is not { } key)
        {
            return null;
        }

        List<AllowedIpChange> allowedIps = [];
        peer.Prefixes("removeAllowedIps").ForEach(prefix => allowedIps.Add(new AllowedIpChange(prefix, Remove: true)));
        peer.Prefixes("allowedIps").ForEach(prefix => allowedIps.Add(new AllowedIpChange(prefix, Remove: false)));
        return new PeerChange
        {
            PublicKey = key,
            Remove = peer.Flag("remove"),
            UpdateOnly = peer.Flag("updateOnly"),
            Endpoint = ReadEndpoint(peer, interfaceIndex),
            EndpointName = peer.Name("endpointName"),
            PersistentKeepaliveSeconds = (ushort?)peer.Integer("persistentKeepaliveSeconds", 0, ushort.MaxValue),
            ReplaceAllowedIps = peer.Flag("replaceAllowedIps"),
            AllowedIps = allowedIps,
        };
    }

    /// <summary>An endpoint whose scope may be an interface's name.</summary>
    private static IpEndpoint? ReadEndpoint(MemberReader peer, Func<string, uint?> interfaceIndex)
    {
        if (peer.Text("endpoint") is not { } text)
        {
            return null;
        }

        if (!IpEndpoint.TryParse(WithNumber(text, interfaceIndex), out IpEndpoint endpoint))
        {
            peer.Complain("endpoint", "an address and a port, such as 192.0.2.1:51820 or [fe80::1%eth0]:51820; a name goes into \"endpointName\"");
            return null;
        }

        return endpoint;
    }

    /// <summary>The text with an interface's number in place of its name.</summary>
    private static string WithNumber(string text, Func<string, uint?> interfaceIndex)
    {
        int percent = text.IndexOf('%'), end = text.IndexOf(']');
        if (percent < 0 || end <= percent + 1 || end - percent - 1 > MaxInterfaceName)
        {
            return text;
        }

        string scope = text[(percent + 1)..end];
        return !uint.TryParse(scope, NumberStyles.None, CultureInfo.InvariantCulture, out _) && interfaceIndex(scope) is { } index
            ? string.Create(CultureInfo.InvariantCulture, $"{text[..percent]}%{index}{text[end..]}")
            : text;
    }

    private static ControlRequest Fail(string code, string sentence) => new() { Failure = new ControlFailure(code, sentence) };
}
