using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Tests.Quick.Reload;

/// <summary>Devices and files made of text.</summary>
internal static class Devices
{
    /// <summary>A peer's key by its number.</summary>
    internal static PublicKey Key(int number)
    {
        byte[] bytes = new byte[PublicKey.Length];
        bytes[0] = (byte)number;
        bytes[31] = 1;
        return new PublicKey(bytes);
    }

    internal static IpEndpoint Endpoint(string text) => IpEndpoint.TryParse(text, out IpEndpoint endpoint) ? endpoint : throw new ArgumentException(text);

    internal static IpPrefix Prefix(string text) => IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix : throw new ArgumentException(text);

    /// <summary>A peer that runs.</summary>
    /// <param name="number">Its key.</param>
    /// <param name="endpoint">Its endpoint, or nothing.</param>
    /// <param name="handshake">Seconds of its last handshake.</param>
    /// <param name="allowedIps">Its addresses.</param>
    internal static PeerSnapshot Peer(int number, string endpoint, long handshake, params string[] allowedIps) => new()
    {
        PublicKey = Key(number),
        Endpoint = endpoint.Length == 0 ? default : Endpoint(endpoint),
        LastHandshakeUnixNanoseconds = handshake * 1_000_000_000,
        AllowedIps = [.. allowedIps.Select(Prefix)],
    };

    internal static DeviceSnapshot Device(params PeerSnapshot[] peers) => new() { ListenPort = 51820, Peers = peers };

    /// <summary>A file's peers: number, endpoint or nothing, and addresses, between bars.</summary>
    internal static WgConf File(params string[] peers)
    {
        var text = new StringBuilder("[Interface]\n");
        foreach (string peer in peers)
        {
            string[] parts = peer.Split('|');
            text.Append("[Peer]\nPublicKey = ").Append(Key(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture))).Append('\n');
            text.Append(parts[1].Length == 0 ? "" : $"Endpoint = {parts[1]}\n");
            text.Append(parts[2].Length == 0 ? "" : $"AllowedIPs = {parts[2]}\n");
        }

        return WgConf.Parse(text.ToString(), new WgConfOptions());
    }
}
