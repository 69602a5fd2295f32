namespace Chasqui.HostileNetwork;

/// <summary>The last datagrams of one direction, as they were. Threads: any; a lock for each call.</summary>
internal sealed class SeenRing(int capacity)
{
    private readonly Lock _gate = new();
    private readonly byte[]?[] _slots = new byte[]?[capacity];
    private readonly int[] _lengths = new int[capacity];
    private int _next;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a copy, in the oldest one's place if the ring is full.</summary>
    public void Add(ReadOnlySpan<byte> datagram)
    {
        lock (_gate)
        {
            ref byte[]? slot = ref _slots[_next];
            if (slot is null || slot.Length < datagram.Length) slot = new byte[Math.Max(datagram.Length, 256)];
            datagram.CopyTo(slot);
            _lengths[_next] = datagram.Length;
            _next = (_next + 1) % capacity;
            Count = Math.Min(Count + 1, capacity);
        }
    }

    /// <summary>Copies one out.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1: the places of the ring, which after a round are not by age.</param>
    /// <param name="destination">64 KiB.</param>
    /// <returns>Its length.</returns>
    public int Copy(int index, Span<byte> destination)
    {
        lock (_gate)
        {
            _slots[index].AsSpan(0, _lengths[index]).CopyTo(destination);
            return _lengths[index];
        }
    }
}
