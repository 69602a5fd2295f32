namespace Chasqui.Core;

/// <summary>What is counted of a peer for its owner alone: the protocol needs none of it.</summary>
public sealed partial class Peer
{
    private DropCounters? _drops;

    // ---- Guarded by the gate -----------------------------------------------------------------------------------------

    /// <summary>When an authentic message was last received; <see langword="null"/> for never.</summary>
    internal Instant? LastReceived { get; set; }

    /// <summary>Authentic messages received.</summary>
    internal ulong ReceivedPackets { get; set; }

    /// <summary>Messages made to be sent.</summary>
    internal ulong SentPackets { get; set; }

    /// <summary>Handshakes completed.</summary>
    internal long CompletedHandshakes { get; set; }

    /// <summary>Data messages with a packet in them that were sent since the last such came; 0 if the peer's were last.</summary>
    internal ulong UnansweredPackets { get; private set; }

    /// <summary>When the first of them was sent.</summary>
    internal Instant UnansweredSince { get; private set; }

    /// <summary>Packets were sent. The gate is held.</summary>
    internal void CountUnanswered(int packets, Instant now)
    {
        if (UnansweredPackets == 0)
        {
            UnansweredSince = now;
        }

        UnansweredPackets += (ulong)packets;
    }

    /// <summary>A packet came. The gate is held.</summary>
    internal void CountAnswer() => UnansweredPackets = 0;

    // ---- Any thread --------------------------------------------------------------------------------------------------

    /// <summary>Packets of this peer that were dropped; null while there are none.</summary>
    internal DropCounters? Drops => Volatile.Read(ref _drops);

    /// <summary>Counts packets that were dropped.</summary>
    internal void CountDrop(DropReason reason, int packets)
    {
        if (Drops is not { } drops)
        {
            Interlocked.CompareExchange(ref _drops, new DropCounters(), null);
            drops = _drops;
        }

        drops.Add(reason, packets);
    }
}
