namespace Chasqui.HubBench;

/// <summary>What is measured in one go.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Peers">Peers that the hub knows.</param>
/// <param name="Active">How many of them exchange packets, in turn.</param>
/// <param name="Prefixes">Allowed addresses in all, spread over the peers.</param>
/// <param name="Flows">Inner flows that bursts take turns in, over all peers; with 1, a peer's bursts are all of one flow.</param>
/// <param name="Queues">CHASQUI_QUEUES of the daemon; 0 leaves it to the daemon.</param>
internal sealed record Scenario(string Name, int Peers, int Active, int Prefixes, int Flows, int Queues)
{
    /// <summary>Allowed addresses of each peer.</summary>
    internal int PrefixesPerPeer => Math.Max(1, Prefixes / Peers);
}
