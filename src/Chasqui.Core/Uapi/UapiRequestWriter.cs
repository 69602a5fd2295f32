using System.Buffers;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Uapi;

/// <summary>Writes a client's operations, in the order of stock <c>wg</c>.</summary>
/// <remarks>Ownership: the output holds keys in hexadecimal; the caller zeroes it after use. Source: wireguard-tools ipc-uapi.h.</remarks>
public static class UapiRequestWriter
{
    /// <summary>Writes <c>get=1</c>.</summary>
    public static void WriteGet(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Write("get=1\n\n"u8);
    }

    /// <summary>Writes <c>keylog=SECONDS</c>.</summary>
    public static void WriteKeyLog(int seconds, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        var text = new UapiText(output.GetSpan(UapiText.MaxPeerLength));
        text.Number("keylog="u8, (ulong)seconds);
        text.Append("\n"u8);
        output.Advance(text.Length);
    }

    /// <summary>Writes <c>set=1</c> and the change, prefixes with their host bits cleared.</summary>
    public static void WriteSet(DeviceChange change, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(output);
        WriteDevice(change, output);
        foreach (PeerChange peer in change.Peers)
        {
            WritePeer(peer, output);
        }

        output.Write("\n"u8);
    }

    private static void WriteDevice(DeviceChange change, IBufferWriter<byte> output)
    {
        var text = new UapiText(output.GetSpan(UapiText.MaxPeerLength));
        text.Append("set=1\n"u8);
        if (change.PrivateKey is not null)
        {
            text.Key("private_key="u8, change.PrivateKey.DangerousSpan);
        }

        if (change.ListenPort is { } port)
        {
            text.Number("listen_port="u8, port);
        }

        if (change.FwMark is { } mark)
        {
            text.Number("fwmark="u8, mark);
        }

        text.Append(change.ReplacePeers ? "replace_peers=true\n"u8 : default);
        output.Advance(text.Length);
    }

    private static void WritePeer(PeerChange peer, IBufferWriter<byte> output)
    {
        var text = new UapiText(output.GetSpan(UapiText.MaxPeerLength));
        PublicKey publicKey = peer.PublicKey;
        text.Key("public_key="u8, publicKey.AsSpan());
        text.Append(peer.UpdateOnly ? "update_only=true\n"u8 : default);
        if (peer.Remove)
        {
            text.Append("remove=true\n"u8);
            output.Advance(text.Length);
            return;
        }

        if (peer.PresharedKey is not null)
        {
            text.Key("preshared_key="u8, peer.PresharedKey.DangerousSpan);
        }

        if (peer.Endpoint is { IsNone: false } endpoint)
        {
            text.Endpoint(endpoint);
        }

        if (peer.EndpointName is { } name)
        {
            text.EndpointName(name);
        }

        if (peer.PersistentKeepaliveSeconds is { } seconds)
        {
            text.Number("persistent_keepalive_interval="u8, seconds);
        }

        text.Append(peer.ReplaceAllowedIps ? "replace_allowed_ips=true\n"u8 : default);
        output.Advance(text.Length);
        WriteAllowedIps(peer.AllowedIps, output);
    }

    private static void WriteAllowedIps(IReadOnlyList<AllowedIpChange> changes, IBufferWriter<byte> output)
    {
        foreach (AllowedIpChange change in changes)
        {
            var text = new UapiText(output.GetSpan(UapiText.MaxAllowedIpLength));
            text.AllowedIp(change.Prefix, change.Remove);
            output.Advance(text.Length);
        }
    }
}
