using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>wg show INTERFACE FIELD</c> for scripts: columns between tabs. Source: wg(8); wireguard-tools show.c.</summary>
internal static class FieldShow
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The fields, by their names.</summary>
    private enum Field
    {
        PublicKey,
        PrivateKey,
        ListenPort,
        FwMark,
        Peers,
        PresharedKeys,
        Endpoints,
        AllowedIps,
        LatestHandshakes,
        Transfer,
        PersistentKeepalive,
        Dump,
    }

    /// <summary>Appends a field of an interface.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="device">The interface.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="withInterface">Whether lines begin with the interface's name, as they do for all interfaces.</param>
    /// <returns>Whether there is such a field.</returns>
    internal static bool TryAppend(WgText text, NamedDevice device, string name, bool withInterface)
    {
        if (FieldOf(name) is not { } field)
        {
            return false;
        }

        string prefix = withInterface ? device.Name + "\t" : "";
        switch (field)
        {
            case Field.PublicKey or Field.PrivateKey or Field.ListenPort or Field.FwMark:
                text.Append(prefix);
                AppendOfDevice(text, device, field);
                text.Append("\n"u8);
                break;
            case Field.Dump:
                AppendDump(text, device, prefix);
                break;
            case Field.Endpoints:
                // Stock's release of 2021, which distributions carry, names the interface once, even if it has no peers.
                text.Append(prefix);
                AppendOfPeers(text, device, field, "");
                break;
            default:
                AppendOfPeers(text, device, field, prefix);
                break;
        }

        return true;
    }

    /// <summary>Whether there is a field of this name.</summary>
    internal static bool Knows(string name) => FieldOf(name) is not null;

    private static Field? FieldOf(string name) => name switch
    {
        "public-key" => Field.PublicKey,
        "private-key" => Field.PrivateKey,
        "listen-port" => Field.ListenPort,
        "fwmark" => Field.FwMark,
        "peers" => Field.Peers,
        "preshared-keys" => Field.PresharedKeys,
        "endpoints" => Field.Endpoints,
        "allowed-ips" => Field.AllowedIps,
        "latest-handshakes" => Field.LatestHandshakes,
        "transfer" => Field.Transfer,
        "persistent-keepalive" => Field.PersistentKeepalive,
        "dump" => Field.Dump,
        _ => null,
    };

    private static void AppendOfDevice(WgText text, NamedDevice device, Field field)
    {
        switch (field)
        {
            case Field.PublicKey when device.PublicKey is { } publicKey:
                text.AppendKey(publicKey.AsSpan());
                break;
            case Field.PrivateKey when device.Snapshot.PrivateKey is { } privateKey:
                text.AppendKey(privateKey.DangerousSpan);
                break;
            case Field.ListenPort:
                text.Append(device.Snapshot.ListenPort);
                break;
            case Field.FwMark when device.Snapshot.FwMark != 0:
                text.AppendHex(device.Snapshot.FwMark);
                break;
            case Field.FwMark:
                text.Append("off"u8);
                break;
            default:
                text.Append("(none)"u8);
                break;
        }
    }

    private static void AppendOfPeers(WgText text, NamedDevice device, Field field, string prefix)
    {
        foreach (PeerSnapshot peer in device.Snapshot.Peers)
        {
            PublicKey publicKey = peer.PublicKey;
            text.Append(prefix).AppendKey(publicKey.AsSpan());
            if (field != Field.Peers)
            {
                text.Append("\t"u8);
                AppendOfPeer(text, peer, field, ' ');
            }

            text.Append("\n"u8);
        }
    }

    private static void AppendOfPeer(WgText text, PeerSnapshot peer, Field field, char separator)
    {
        switch (field)
        {
            case Field.PresharedKeys when peer.PresharedKey is not null:
                text.AppendKey(peer.PresharedKey.DangerousSpan);
                break;
            case Field.Endpoints when !peer.Endpoint.IsNone:
                text.AppendEndpoint(peer.Endpoint);
                break;
            case Field.AllowedIps when peer.AllowedIps.Count > 0:
                AppendAllowedIps(text, peer.AllowedIps, separator);
                break;
            case Field.LatestHandshakes:
                text.Append((ulong)(peer.LastHandshakeUnixNanoseconds / NanosecondsPerSecond));
                break;
            case Field.Transfer:
                text.Append(peer.ReceivedBytes).Append("\t"u8).Append(peer.SentBytes);
                break;
            case Field.PersistentKeepalive when peer.PersistentKeepaliveSeconds != 0:
                text.Append(peer.PersistentKeepaliveSeconds);
                break;
            case Field.PersistentKeepalive:
                text.Append("off"u8);
                break;
            default:
                text.Append("(none)"u8);
                break;
        }
    }

    private static void AppendAllowedIps(WgText text, IReadOnlyList<IpPrefix> allowedIps, char separator)
    {
        for (int i = 0; i < allowedIps.Count; i++)
        {
            if (i > 0)
            {
                text.Append([(byte)separator]);
            }

            text.AppendPrefix(allowedIps[i]);
        }
    }

    private static void AppendDump(WgText text, NamedDevice device, string prefix)
    {
        ReadOnlySpan<Field> ofDevice = [Field.PrivateKey, Field.PublicKey, Field.ListenPort, Field.FwMark];
        ReadOnlySpan<Field> ofPeer =
        [
            Field.PresharedKeys, Field.Endpoints, Field.AllowedIps, Field.LatestHandshakes, Field.Transfer, Field.PersistentKeepalive,
        ];
        text.Append(prefix);
        foreach (Field field in ofDevice)
        {
            AppendOfDevice(text, device, field);
            text.Append(field == ofDevice[^1] ? "\n"u8 : "\t"u8);
        }

        foreach (PeerSnapshot peer in device.Snapshot.Peers)
        {
            PublicKey publicKey = peer.PublicKey;
            text.Append(prefix).AppendKey(publicKey.AsSpan());
            foreach (Field field in ofPeer)
            {
                AppendOfPeer(text.Append("\t"u8), peer, field, ',');
            }

            text.Append("\n"u8);
        }
    }
}
