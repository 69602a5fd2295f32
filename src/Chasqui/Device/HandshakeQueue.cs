using Chasqui.Core;
using Chasqui.Core.Wire;

namespace Chasqui.Device;

/// <summary>Handshake messages between the threads that receive them and the one that computes them.</summary>
/// <remarks>
/// Bounded as the kernel's: when it is full the newest message is dropped, and its length tells the core that the device is
/// under load. The slots are allocated once; those that were never used cost no memory. Threads: any may add, one takes.
/// </remarks>
internal sealed class HandshakeQueue
{
    /// <summary>How many messages can wait.</summary>
    internal const int Capacity = ProtocolConstants.MaxQueuedHandshakes;

    private const int SlotLength = InitiationView.Length; // the longest handshake message

    // A monitor and not a Lock: the reader waits on it.
    private readonly object _gate = new();
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Capacity * SlotLength);
    private readonly Entry[] _entries = new Entry[Capacity];
    private int _head;
    private int _count;
    private bool _isClosed;

    /// <summary>How many wait.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds a copy of a message.</summary>
    /// <returns><see langword="false"/> if the queue is full or the message is longer than any handshake message.</returns>
    internal bool TryEnqueue(ReadOnlySpan<byte> message, in Endpoint from)
    {
        lock (_gate)
        {
            if (_count == Capacity || message.Length > SlotLength)
            {
                return false;
            }

            int slot = (_head + _count) % Capacity;
            message.CopyTo(_bytes.AsSpan(slot * SlotLength));
            _entries[slot] = new Entry(from, message.Length);
            _count++;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for a message and copies it out.</summary>
    /// <param name="destination">Receives the message; 148 bytes.</param>
    /// <param name="length">Its length.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="queued">How many more wait.</param>
    /// <returns><see langword="false"/> once the queue is closed; what waited then is lost.</returns>
    internal bool TryDequeue(Span<byte> destination, out int length, out Endpoint from, out int queued)
    {
        lock (_gate)
        {
            while (_count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            length = queued = 0;
            from = default;
            if (_isClosed)
            {
                return false;
            }

            Entry entry = _entries[_head];
            length = entry.Length;
            from = entry.From;
            _bytes.AsSpan(_head * SlotLength, length).CopyTo(destination);
            _head = (_head + 1) % Capacity;
            queued = --_count;
            return true;
        }
    }

    /// <summary>Drops what waits, because the interface went down.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            _count = 0;
        }
    }

    /// <summary>Ends the reader's wait for good.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private readonly record struct Entry(Endpoint From, int Length);
}
