using System.Globalization;
using Chasqui.Core.Config;
using Chasqui.Core.Wire;

namespace Chasqui.Quick.Reload;

/// <summary>A change as the command <c>wg set</c> that would make it, secrets left out.</summary>
internal static class WgSetWords
{
    private const string Secret = "(hidden)";

    // The command goes on in the next line, as a shell takes it.
    private const string NextLine = " \\\n      ";

    /// <summary>The command.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="change">The change.</param>
    /// <param name="after">The peers as it leaves them; null if the change says all about the lists that it touches.</param>
    internal static string Of(string interfaceName, DeviceChange change, DeviceOutcome? after)
    {
        List<string> words = [];
        if (change.PrivateKey is not null)
        {
            words.Add($"private-key {Secret}");
        }

        if (change.ListenPort is { } port)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"listen-port {port}"));
        }

        if (change.FwMark is { } mark)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"fwmark {mark}"));
        }

        string own = string.Concat(words.Select(static word => $" {word}"));
        bool isOneLine = words.Count == 0 && change.Peers.Count == 1;
        return $"wg set {interfaceName}{own}" + string.Concat(change.Peers.Select(peer => (isOneLine ? " " : NextLine) + Of(peer, after)));
    }

    private static string Of(PeerChange peer, DeviceOutcome? after)
    {
        string words = $"peer {peer.PublicKey}";
        if (peer.Remove)
        {
            return $"{words} remove";
        }

        words += peer.PresharedKey is null ? "" : $" preshared-key {(peer.PresharedKey.IsZero ? "/dev/null" : Secret)}";
        words += Endpoint(peer, after) is { } endpoint ? $" endpoint {endpoint}" : "";
        words += peer.PersistentKeepaliveSeconds is { } seconds
            ? string.Create(CultureInfo.InvariantCulture, $" persistent-keepalive {seconds}")
            : "";
        if (peer.AllowedIps.Count > 0 || peer.ReplaceAllowedIps)
        {
            // The whole list, because a command that adds to one is younger than most of the tools that would be given it.
            IEnumerable<IpPrefix> whole = after?.Find(peer.PublicKey)?.AllowedIps ?? peer.AllowedIps.Select(static allowed => allowed.Prefix);
            string list = string.Join(',', whole);
            words += $" allowed-ips {(list.Length == 0 ? "''" : list)}";
        }

        return words;
    }

    /// <summary>What is said of an endpoint: its name if it has one, which goes instead of the address.</summary>
    private static string? Endpoint(PeerChange peer, DeviceOutcome? after) => peer.EndpointName switch
    {
        { IsNone: false } name => name.ToString(),
        { IsNone: true } => after?.Find(peer.PublicKey)?.Endpoint.ToString(),
        null => peer.Endpoint?.ToString(),
    };
}
