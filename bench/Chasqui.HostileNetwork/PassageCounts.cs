namespace Chasqui.HostileNetwork;

/// <summary>What one direction has done so far. Written by its thread alone; a reader sees numbers that may be a datagram old.</summary>
internal sealed class PassageCounts
{
    /// <summary>Datagrams that came in.</summary>
    public long Received;

    /// <summary>Bytes of these.</summary>
    public long ReceivedBytes;

    /// <summary>Data messages among them (type 4).</summary>
    public long ReceivedData;

    /// <summary>Bytes of the data messages.</summary>
    public long ReceivedDataBytes;

    /// <summary>Datagrams that went out, repeated ones included.</summary>
    public long Sent;

    /// <summary>Bytes of these.</summary>
    public long SentBytes;

    /// <summary>Datagrams that were lost on purpose.</summary>
    public long Lost;

    /// <summary>Datagrams that the rate's limit dropped.</summary>
    public long Queued;

    /// <summary>Datagrams for which there was no way: the client is not known yet, or nobody takes them.</summary>
    public long Unsent;

    /// <summary>Second copies.</summary>
    public long Duplicated;

    /// <summary>Datagrams that waited for others to overtake them.</summary>
    public long Reordered;

    /// <summary>Datagrams that were altered.</summary>
    public long Corrupted;

    /// <summary>Old datagrams that came once more.</summary>
    public long Replayed;

    /// <summary>The numbers as they are now.</summary>
    public PassageCounts Copy() => (PassageCounts)MemberwiseClone();
}
