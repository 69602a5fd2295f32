using System.Diagnostics;

namespace Chasqui.Core.Timers;

/// <summary>Items by the instant at which each wants to be woken; the earliest is known at once.</summary>
/// <remarks>
/// A binary heap; each item knows its place, so that it is moved or removed without a search. It allocates only when
/// it grows past its largest size so far, and gives memory back when three quarters of it are unused; an item is in it once, so
/// it is bounded by the number of items. Items due at the same instant come in no particular, but repeatable, order.
/// Threads: one at a time.
/// </remarks>
internal sealed class DeadlineQueue<T>
    where T : class, IDeadlineItem
{
    private const int MinimumCapacity = 16;

    private Entry[] _heap = new Entry[MinimumCapacity];

    /// <summary>Items that wait.</summary>
    internal int Count { get; private set; }

    /// <summary>Length of the heap's array, for tests of the memory bound.</summary>
    internal int Capacity => _heap.Length;

    /// <summary>The earliest deadline; <see cref="Instant.Never"/> if nothing waits.</summary>
    internal Instant PeekDeadline => Count == 0 ? Instant.Never : _heap[0].Deadline;

    /// <summary>Lets an item wait for a deadline, earlier or later than the one it has; never is as good as removed.</summary>
    internal void Schedule(T item, Instant deadline)
    {
        if (deadline == Instant.Never)
        {
            _ = Remove(item);
            return;
        }

        if (!item.IsScheduled)
        {
            if (Count == _heap.Length)
            {
                Array.Resize(ref _heap, Count * 2);
            }

            Count++;
            item.HeapPlace = Count;
        }

        Place(new Entry(item, deadline), PlaceOf(item));
    }

    /// <summary>Takes an item out; <see langword="false"/> if it does not wait.</summary>
    internal bool Remove(T item)
    {
        if (!item.IsScheduled)
        {
            return false;
        }

        RemoveAt(PlaceOf(item));
        return true;
    }

    /// <summary>Takes out the earliest item if its deadline has come (is not later than <paramref name="now"/>).</summary>
    /// <returns><see langword="null"/> if nothing is due.</returns>
    internal T? PopDue(Instant now)
    {
        if (Count == 0 || _heap[0].Deadline > now)
        {
            return null;
        }

        T item = _heap[0].Item;
        RemoveAt(0);
        return item;
    }

    private int PlaceOf(T item)
    {
        int place = item.HeapPlace - 1;
        Debug.Assert(place == Count - 1 || _heap[place].Item == item, "An item waits in one queue at a time.");
        return place;
    }

    private void RemoveAt(int place)
    {
        _heap[place].Item.HeapPlace = 0;
        Count--;
        Entry last = _heap[Count];
        _heap[Count] = default;
        if (place != Count)
        {
            Place(last, place);
        }

        if (_heap.Length > MinimumCapacity && Count < _heap.Length / 4)
        {
            Array.Resize(ref _heap, _heap.Length / 2);
        }
    }

    /// <summary>Puts an entry where it belongs, from a place that is free or its own.</summary>
    private void Place(Entry entry, int place)
    {
        while (place > 0)
        {
            int parent = (place - 1) / 2;
            if (_heap[parent].Deadline <= entry.Deadline)
            {
                break;
            }

            Put(_heap[parent], place);
            place = parent;
        }

        while (true)
        {
            int child = (2 * place) + 1;
            if (child + 1 < Count && _heap[child + 1].Deadline < _heap[child].Deadline)
            {
                child++;
            }

            if (child >= Count || entry.Deadline <= _heap[child].Deadline)
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(entry, place);
    }

    private void Put(Entry entry, int place)
    {
        _heap[place] = entry;
        entry.Item.HeapPlace = place + 1;
    }

    private readonly struct Entry(T item, Instant deadline)
    {
        internal readonly T Item = item;
        internal readonly Instant Deadline = deadline;
    }
}
