namespace Chasqui.Linux.Tun;

/// <summary>Joins consecutive TCP segments and UDP datagrams into super-packets, so that a TUN device takes many in one write.</summary>
/// <remarks>
/// Calling protocol: <see cref="Add"/> each packet of a batch, then <see cref="Flush"/>. Packets of one flow leave in the order they
/// came; packets of different flows may pass each other, within the batch only. What cannot be joined (no payload, SYN, FIN, RST, URG or
/// ECN flags, fragments, options in the IP header, a wrong checksum, anything but TCP and UDP) leaves at once and unchanged, after what
/// is held back of its own flow.
/// Threads: one at a time. Ownership: copies what it holds back, so a frame is free again when <see cref="Add"/> returns. Memory: up to
/// <see cref="MaxOpenFlows"/> buffers of 64 KiB, each allocated when that many flows are first open at once, and kept.
/// </remarks>
public sealed class PacketJoiner
{
    /// <summary>How many flows can be collected side by side; one more closes the oldest.</summary>
    public const int MaxOpenFlows = 8;

    private readonly OpenFlow[] _flows = new OpenFlow[MaxOpenFlows];
    private int _openCount;
    private ulong _openedEver;

    /// <summary>A joiner that joins nothing until told what the device takes.</summary>
    public PacketJoiner()
    {
        for (int i = 0; i < _flows.Length; i++)
        {
            _flows[i] = new OpenFlow();
        }
    }

    /// <summary>Whether TCP segments are joined: any device with a virtio-net header takes them.</summary>
    /// <remarks>May change at any time; turning it off stops new flows, and those open leave with the next flush.</remarks>
    public bool JoinsTcp { get; set; }

    /// <summary>Whether UDP datagrams are joined: devices that accepted <see cref="TunOffloads.Uso4"/> take them.</summary>
    /// <remarks>May change at any time, as <see cref="JoinsTcp"/>.</remarks>
    public bool JoinsUdp { get; set; }

    /// <summary>Takes the next packet of the batch.</summary>
    /// <param name="frame">
    /// <see cref="VirtioNetHeader.Length"/> bytes of room, which are overwritten, and the IP packet behind them, trimmed to the length that
    /// its header says.
    /// </param>
    /// <param name="sink">Takes what leaves meanwhile.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frame is shorter than the room.</exception>
    public void Add<TSink>(Span<byte> frame, ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        ReadOnlySpan<byte> packet = frame[VirtioNetHeader.Length..];
        if (!TransportLayout.TryRead(packet, out TransportLayout layout))
        {
            FlushHosts(packet, ref sink);
            WriteAlone(frame, ref sink);
            return;
        }

        OpenFlow? flow = Find(packet, layout);
        bool isJoinable = (layout.IsTcp ? JoinsTcp : JoinsUdp) && OpenFlow.IsSegment(packet, layout);
        if (isJoinable && flow is not null && flow.TryAppend(packet, layout))
        {
            if (flow.IsComplete)
            {
                Close(flow, ref sink);
            }

            return;
        }

        if (flow is not null)
        {
            Close(flow, ref sink);
        }

        // A pushed segment ends what it belongs to: nothing could follow it.
        if (!isJoinable || OpenFlow.IsPushed(packet, layout) || !TryOpen(packet, layout, ref sink))
        {
            WriteAlone(frame, ref sink);
        }
    }

    /// <summary>Ends the batch: writes everything held back, oldest flow first.</summary>
    public void Flush<TSink>(ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        while (_openCount > 0)
        {
            Close(Oldest(), ref sink);
        }
    }

    private static void WriteAlone<TSink>(Span<byte> frame, ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        frame[..VirtioNetHeader.Length].Clear();
        sink.Write(frame);
    }

    private OpenFlow? Find(ReadOnlySpan<byte> packet, TransportLayout layout)
    {
        int unseen = _openCount;
        for (int i = 0; unseen > 0; i++)
        {
            OpenFlow flow = _flows[i];
            if (flow.Count == 0)
            {
                continue;
            }

            if (flow.IsFlowOf(packet, layout))
            {
                return flow;
            }

            unseen--;
        }

        return null;
    }

    /// <summary>A packet whose ports cannot be told (a fragment, another protocol) may belong to any flow between its hosts.</summary>
    private void FlushHosts<TSink>(ReadOnlySpan<byte> packet, ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        for (int i = 0; _openCount > 0 && i < _flows.Length; i++)
        {
            OpenFlow flow = _flows[i];
            if (flow.Count > 0 && flow.IsBetweenSameHosts(packet))
            {
                Close(flow, ref sink);
            }
        }
    }

    private bool TryOpen<TSink>(ReadOnlySpan<byte> packet, TransportLayout layout, ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        if (_openCount == MaxOpenFlows)
        {
            Close(Oldest(), ref sink);
        }

        // The lowest free one: buffers that were never needed stay unallocated.
        int i = 0;
        while (_flows[i].Count > 0)
        {
            i++;
        }

        if (!_flows[i].TryStart(packet, layout, _openedEver))
        {
            return false;
        }

        _openedEver++;
        _openCount++;
        return true;
    }

    private OpenFlow Oldest()
    {
        OpenFlow? oldest = null;
        foreach (OpenFlow flow in _flows)
        {
            if (flow.Count > 0 && (oldest is null || flow.Opened < oldest.Opened))
            {
                oldest = flow;
            }
        }

        return oldest!;
    }

    private void Close<TSink>(OpenFlow flow, ref TSink sink)
        where TSink : struct, IPacketSink, allows ref struct
    {
        _openCount--;
        flow.WriteTo(ref sink);
    }
}
