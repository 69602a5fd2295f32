using System.Globalization;
using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Core.Uapi;

namespace Chasqui.Fuzz.Targets;

/// <summary>Configurations as text to compare: every member, in a fixed order.</summary>
internal static class ConfigText
{
    internal static string Of(UapiOperation operation) => operation.Kind switch
    {
        UapiOperationKind.Set => Of(operation.Change!),
        UapiOperationKind.Refused => operation.Failure!.ToString(),
        _ => operation.Kind.ToString(),
    };

    internal static string Of(DeviceChange change)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"set {Of(change.PrivateKey)} {change.ListenPort} {change.FwMark} {change.ReplacePeers}\n");
        foreach (PeerChange peer in change.Peers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{KeyText.ToBase64(peer.PublicKey.AsSpan())} {peer.Remove} {peer.UpdateOnly} ");
            text.Append(CultureInfo.InvariantCulture, $"{Of(peer.PresharedKey)} {peer.Endpoint} {peer.PersistentKeepaliveSeconds} ");
            text.Append(CultureInfo.InvariantCulture, $"{peer.EndpointName is null} {peer.EndpointName} ");
            text.Append(CultureInfo.InvariantCulture, $"{peer.ReplaceAllowedIps} {string.Join(' ', peer.AllowedIps)}\n");
        }

        return text.ToString();
    }

    internal static string Of(DeviceSnapshot snapshot)
    {
        var text = new StringBuilder();
        string privateKey = snapshot.PrivateKey is { IsZero: true } ? "" : Of(snapshot.PrivateKey);
        text.Append(CultureInfo.InvariantCulture, $"get {privateKey} {snapshot.ListenPort} {snapshot.FwMark}\n");
        foreach (PeerSnapshot peer in snapshot.Peers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{KeyText.ToBase64(peer.PublicKey.AsSpan())} {Of(peer.PresharedKey)} {peer.Endpoint} {peer.EndpointName} ");
            text.Append(CultureInfo.InvariantCulture, $"{peer.LastHandshakeUnixNanoseconds} {peer.ReceivedBytes} {peer.SentBytes} ");
            text.Append(CultureInfo.InvariantCulture, $"{peer.PersistentKeepaliveSeconds} {string.Join(' ', peer.AllowedIps)}\n");
        }

        return text.ToString();
    }

    private static string Of(PrivateKey? key) => key is null ? "" : KeyText.ToBase64(key.DangerousSpan);

    private static string Of(PresharedKey? key) => key is null ? "" : KeyText.ToBase64(key.DangerousSpan);
}
