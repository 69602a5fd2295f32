using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Cli.Commands.Wg;

/// <summary><c>wg show</c> for people. Source: wireguard-tools show.c, whose bytes these are.</summary>
internal static class PrettyShow
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Appends an interface and its peers, those with the latest handshake first.</summary>
    internal static void Append(WgText output, NamedDevice device, ShowOptions options)
    {
        StyledText text = new(output, options.IsColoured);
        AppendDevice(text, device, options);
        PeerSnapshot[] peers = SortByHandshake(device.Snapshot.Peers);
        foreach (PeerSnapshot peer in peers)
        {
            output.Append("\n"u8);
            AppendPeer(text, peer, options.ShowsNames ? device.PeerNames.GetValueOrDefault(peer.PublicKey) : null, options);
        }
    }

    /// <summary>The peers by latest handshake, newest first; those of the same moment, or of none, keep their order.</summary>
    internal static PeerSnapshot[] SortByHandshake(IReadOnlyList<PeerSnapshot> peers)
    {
        var order = new (long Handshake, int Index)[peers.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (peers[i].LastHandshakeUnixNanoseconds, i);
        }

        Array.Sort(order, static (left, right) =>
            left.Handshake == right.Handshake ? left.Index.CompareTo(right.Index) : right.Handshake.CompareTo(left.Handshake));
        var sorted = new PeerSnapshot[order.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = peers[order[i].Index];
        }

        return sorted;
    }

    private static void AppendDevice(StyledText text, NamedDevice device, ShowOptions options)
    {
        DeviceSnapshot snapshot = device.Snapshot;
        text.End();
        text.Append(Style.Green | Style.Bold, "interface"u8).Text.Append(": "u8);
        text.Begin(Style.Green);
        text.Text.Append(device.Name);
        text.End();
        text.Text.Append("\n"u8);
        if (device.PublicKey is { } publicKey)
        {
            Label(text, "public key"u8).AppendKey(publicKey.AsSpan()).Append("\n"u8);
        }

        if (snapshot.PrivateKey is not null)
        {
            AppendSecret(Label(text, "private key"u8), snapshot.PrivateKey.DangerousSpan, options);
        }

        if (snapshot.ListenPort != 0)
        {
            Label(text, "listening port"u8).Append(snapshot.ListenPort).Append("\n"u8);
        }

        if (snapshot.FwMark != 0)
        {
            Label(text, "fwmark"u8).AppendHex(snapshot.FwMark).Append("\n"u8);
        }
    }

    private static void AppendPeer(StyledText text, PeerSnapshot peer, string? name, ShowOptions options)
    {
        PublicKey publicKey = peer.PublicKey;
        text.Append(Style.Yellow | Style.Bold, "peer"u8).Text.Append(": "u8);
        text.Begin(Style.Yellow);
        text.Text.AppendKey(publicKey.AsSpan());
        text.End();
        if (name is not null)
        {
            text.Text.Append(Encoding.UTF8.GetBytes($" ({name})"));
        }

        text.Text.Append("\n"u8);
        if (peer.PresharedKey is not null)
        {
            AppendSecret(Label(text, "preshared key"u8), peer.PresharedKey.DangerousSpan, options);
        }

        if (!peer.Endpoint.IsNone)
        {
            Label(text, "endpoint"u8).AppendEndpoint(peer.Endpoint).Append("\n"u8);
        }

        Label(text, "allowed ips"u8);
        AppendAllowedIps(text, peer.AllowedIps);
        AppendState(text, peer, options.UnixNow);
    }

    private static void AppendAllowedIps(StyledText text, IReadOnlyList<IpPrefix> allowedIps)
    {
        for (int i = 0; i < allowedIps.Count; i++)
        {
            text.Text.Append(i == 0 ? default : ", "u8).AppendAddress(allowedIps[i].Address);
            text.Append(Style.Cyan, "/"u8).Text.Append(allowedIps[i].Length);
        }

        text.Text.Append(allowedIps.Count == 0 ? "(none)\n"u8 : "\n"u8);
    }

    private static void AppendState(StyledText text, PeerSnapshot peer, long unixNow)
    {
        long handshake = peer.LastHandshakeUnixNanoseconds / NanosecondsPerSecond;
        if (handshake != 0)
        {
            Label(text, "latest handshake"u8);
            AppendAgo(text, handshake, unixNow);
        }

        if (peer.ReceivedBytes != 0 || peer.SentBytes != 0)
        {
            Label(text, "transfer"u8);
            Quantity.AppendBytes(text, peer.ReceivedBytes);
            text.Text.Append(" received, "u8);
            Quantity.AppendBytes(text, peer.SentBytes);
            text.Text.Append(" sent\n"u8);
        }

        if (peer.PersistentKeepaliveSeconds != 0)
        {
            Label(text, "persistent keepalive"u8).Append("every "u8);
            Quantity.AppendDuration(text, peer.PersistentKeepaliveSeconds);
            text.Text.Append("\n"u8);
        }
    }

    private static void AppendAgo(StyledText text, long moment, long unixNow)
    {
        if (moment == unixNow)
        {
            text.Text.Append("Now\n"u8);
        }
        else if (moment > unixNow)
        {
            text.Text.Append("("u8);
            text.Append(Style.Red, "System clock wound backward; connection problems may ensue."u8).Text.Append(")\n"u8);
        }
        else
        {
            Quantity.AppendDuration(text, (ulong)(unixNow - moment));
            text.Text.Append(" ago\n"u8);
        }
    }

    private static WgText Label(StyledText text, ReadOnlySpan<byte> words)
    {
        text.Text.Append("  "u8);
        return text.Append(Style.Bold, words).Text.Append(": "u8);
    }

    private static void AppendSecret(WgText text, ReadOnlySpan<byte> key, ShowOptions options)
    {
        if (options.ShowsKeys)
        {
            text.AppendKey(key).Append("\n"u8);
        }
        else
        {
            text.Append("(hidden)\n"u8);
        }
    }
}
