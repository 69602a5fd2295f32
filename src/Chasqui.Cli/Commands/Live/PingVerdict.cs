using Chasqui.Core;
using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;
using Chasqui.Linux;
using Chasqui.Quick;

namespace Chasqui.Cli.Commands.Live;

/// <summary>What the status of a peer alone says about its silence.</summary>
internal static class PingVerdict
{
    private const int MostEvents = 5;

    /// <summary>Writes what is known of a peer: the call's arguments are the interface and the peer's key.</summary>
    internal static void Write(Invocation invocation)
    {
        string name = invocation.Arguments[0];
        try
        {
            Write(StatusSource.Read(name), invocation.Arguments[1], new PeerTitles(PeerNames.Of(name)), invocation.Terminal.PlainOutput);
        }
        catch (LinuxException exception)
        {
            _ = invocation.Fail(exception.Message);
        }
    }

    internal static void Write(TunnelStatus status, string key, PeerTitles titles, TextWriter output)
    {
        if (status.Peers.FirstOrDefault(peer => peer.PublicKey.ToString() == key) is not { } peer)
        {
            output.WriteLine("The peer has been removed meanwhile.");
            return;
        }

        output.WriteLine(Sentence(status, peer));
        List<TunnelEvent> about = [.. status.Recent.Where(told => told.Peer == peer.PublicKey || told.Owner == (PublicKey?)peer.PublicKey)];
        foreach (TunnelEvent told in about.Skip(Math.Max(0, about.Count - MostEvents)))
        {
            output.WriteLine($"  {WatchWords.Age(status.At - told.At)} ago: {EventWords.Of(told, titles)}");
        }
    }

    private static string Sentence(TunnelStatus status, PeerStatus peer) => status switch
    {
        { IsUp: false } => "The interface is down: nothing is sent or received.",
        { PublicKey: null } => "The interface has no private key: it cannot speak to anybody.",
        _ when peer.Endpoint.IsNone => "The peer has no endpoint: it must speak first, or be given one.",
        _ when peer.SessionAge is not null =>
            "There is a session: the tunnel is there, and what was asked does not answer. Is that address the peer's own, does it allow ours, and does its firewall answer echo requests?",
        _ => $"There is no session: {peer.Endpoint} has not answered an initiation. Is the endpoint right, its port open, and does it know our public key?",
    };
}
