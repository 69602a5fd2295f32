namespace Chasqui.Core.DoS;

/// <summary>Decides whether handshake messages need a cookie: the queue is long, or was a moment ago.</summary>
/// <remarks>Threads: one at a time. Source: whitepaper §5.3; the kernel's wg_receive_handshake_packet.</remarks>
internal sealed class UnderLoadDetector
{
    private Instant? _lastOverThreshold;

    /// <summary>Takes note of the queue's length and answers whether the device is under load.</summary>
    internal bool Observe(Instant now, int queuedHandshakes)
    {
        if (queuedHandshakes >= ProtocolConstants.UnderLoadQueuedHandshakes)
        {
            _lastOverThreshold = now;
        }
        else if (_lastOverThreshold is { } last && now >= last + ProtocolConstants.UnderLoadLinger)
        {
            _lastOverThreshold = null;
        }

        return _lastOverThreshold is not null;
    }
}
