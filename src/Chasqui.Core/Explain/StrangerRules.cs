using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Explain;

/// <summary>Handshake messages that are nobody's, and whose they may be.</summary>
/// <remarks>
/// A port on the internet hears from strangers every day: their messages are a problem only where some peer is missing whose they can be.
/// </remarks>
internal static class StrangerRules
{
    internal static void Run(ExplainContext context)
    {
        // A flood has all kinds of mistakes in it: that there is one has been told.
        bool isFlooded = context.Findings.Any(static finding => finding.Code == ExplainCode.UnderLoad) && context.Peers.All(static peer => peer.WasHeard);
        if (!isFlooded)
        {
            CheckUnknownKeys(context);
            CheckWrongMacs(context);
        }
    }

    private static void CheckUnknownKeys(ExplainContext context)
    {
        HashSet<PublicKey> told = [];
        foreach (TunnelEvent drop in context.DropsFor(DropReason.UnknownPeer))
        {
            if (drop.Peer is not { } key || !told.Add(key) || context.Status.Peers.Any(peer => peer.PublicKey == key))
            {
                continue; // a peer that was added meanwhile
            }

            PeerCase? at = context.PeerAt(drop), suspect = at ?? context.OnlyUnheard();
            string seen = $"{drop.Remote} shows the key {key}, {ExplainText.Time(context.Age(drop))} ago";
            if (suspect is { IsWorking: false })
            {
                string certainty = at is null ? "perhaps " : "";
                suspect.Problem(
                    ExplainCode.PeerKeyDiffers,
                    $"{certainty}{suspect.Name} has another public key than here: {(at is null ? drop.Remote.ToString() : "its address")} shows {key.Abbreviate()}",
                    $"if that is it, give the peer here the key {key}; else correct the private key there",
                    seen);
            }
            else
            {
                context.Add(
                    context.Peers.Any(static peer => !peer.WasHeard) ? ExplainSeverity.Problem : ExplainSeverity.Notice,
                    ExplainCode.UnknownKey,
                    $"{drop.Remote} asks for a handshake with a public key that is no peer's: {key}",
                    $"if it is to be one: chasqui set {context.Interface} peer {key} allowed-ips ADDRESS/32",
                    seen);
            }
        }
    }

    private static void CheckWrongMacs(ExplainContext context)
    {
        HashSet<Wire.IpAddress> told = [];
        foreach (TunnelEvent drop in context.DropsFor(DropReason.InvalidMac1))
        {
            if (!told.Add(drop.Remote.Address))
            {
                continue;
            }

            PeerCase? at = context.PeerAt(drop), suspect = at ?? context.OnlyUnheard();
            string own = $"the public key of {context.Interface} is {context.Status.PublicKey}";
            string seen = $"a handshake message from {drop.Remote}, {ExplainText.Time(context.Age(drop))} ago, was made for another public key";
            if (suspect is { IsWorking: false })
            {
                suspect.Problem(
                    ExplainCode.PeerHasWrongKey,
                    $"{(at is null ? "perhaps " : "")}{suspect.Name} has a wrong public key for us",
                    $"correct the PublicKey of this end there: {context.Status.PublicKey}",
                    seen,
                    own);
            }
            else
            {
                context.Add(
                    context.Peers.Any(static peer => !peer.WasHeard) ? ExplainSeverity.Problem : ExplainSeverity.Notice,
                    ExplainCode.WrongKeyForUs,
                    $"{drop.Remote} sends handshake messages that were made for another public key than ours",
                    "if that is a peer, correct the PublicKey of this end there; else it is a stranger's, and needs nothing",
                    seen,
                    own);
            }
        }
    }
}
