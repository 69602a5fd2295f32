namespace Chasqui.Core;

/// <summary>
/// Counts nothing: takes the place of Peer.Counters.cs when the property ChasquiUncounted is set, which only
/// "./build.sh bench --diagnostics" does. The other files of this folder do so for theirs.
/// </summary>
public sealed partial class Peer
{
    internal Instant? LastReceived { get => null; set => _ = value; }

    internal ulong ReceivedPackets { get => 0; set => _ = value; }

    internal ulong SentPackets { get => 0; set => _ = value; }

    internal long CompletedHandshakes { get => 0; set => _ = value; }

    internal ulong UnansweredPackets => 0;

    internal Instant UnansweredSince => default;

    internal DropCounters? Drops => null;

    internal void CountUnanswered(int packets, Instant now) => _ = (packets, now);

    internal void CountAnswer()
    {
    }

    internal void CountDrop(DropReason reason, int packets) => _ = (reason, packets);
}
