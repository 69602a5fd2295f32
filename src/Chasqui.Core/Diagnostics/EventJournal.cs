namespace Chasqui.Core.Diagnostics;

/// <summary>The latest events of a tunnel, in fixed memory: one stream of all, and the last few of each kind and reason.</summary>
/// <remarks>
/// The stream is for whoever follows; in it no kind can push the others out, because each may add only so many a second. The last few of a kind
/// are for whoever asks afterwards; each event gets in there. Under attack both cost what they always cost: some 30 KiB a stream of 256 and
/// as much for the rest, no allocation, and one short lock for each packet that is refused.
/// Threads: any. The lock is a leaf.
/// </remarks>
public sealed class EventJournal
{
    /// <summary>How many events the stream holds.</summary>
    public const int Capacity = 256;

    /// <summary>How many of each kind and reason are kept.</summary>
    public const int RecentOfEach = 4;

    private const int Kinds = (int)TunnelEventKind.KeyLogEnded + 1;
    private const int Topics = Kinds + (int)DropReason.InterfaceDown + 1;

    private readonly Lock _gate = new();
    private readonly TunnelEvent[] _stream = new TunnelEvent[Capacity];
    private readonly TunnelEvent[] _recent = new TunnelEvent[Topics * RecentOfEach];
    private readonly Topic[] _topics = new Topic[Topics];
    private long _end;
    private volatile Action? _listener;

    /// <summary>Called after an event was added to the stream, by whoever added it: must be quick, and must not call the tunnel.</summary>
    public Action? Listener
    {
        get => _listener;
        set => _listener = value;
    }

    /// <summary>The number of the next event of the stream; the first was 0.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Reads the event <paramref name="next"/>, or the oldest that is left, and moves on.</summary>
    /// <param name="next">The number to read; afterwards the one behind it.</param>
    /// <param name="found">The event.</param>
    /// <param name="lost">How many were overwritten between the two.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(ref long next, out TunnelEvent found, out long lost)
    {
        lock (_gate)
        {
            long first = Math.Max(next, _end - Capacity);
            lost = first - next;
            found = default;
            if (first >= _end)
            {
                return false;
            }

            found = _stream[first % Capacity];
            next = first + 1;
            return true;
        }
    }

    /// <summary>How many events of a kind there have been, told or not.</summary>
    public long CountOf(TunnelEventKind kind, DropReason reason = DropReason.None)
    {
        lock (_gate)
        {
            return _topics[TopicOf(kind, reason)].Count;
        }
    }

    /// <summary>How many events of each kind there have been; those with 0 are left out, and drops.</summary>
    public IReadOnlyDictionary<TunnelEventKind, long> Counts()
    {
        var counts = new Dictionary<TunnelEventKind, long>();
        lock (_gate)
        {
            for (int kind = (int)TunnelEventKind.Dropped + 1; kind < Kinds; kind++)
            {
                if (_topics[kind].Count is > 0 and long count)
                {
                    counts.Add((TunnelEventKind)kind, count);
                }
            }
        }

        return counts;
    }

    /// <summary>Copies the last events of a kind, the latest first.</summary>
    /// <returns>How many were copied: at most <see cref="RecentOfEach"/>.</returns>
    public int CopyRecent(TunnelEventKind kind, DropReason reason, Span<TunnelEvent> destination)
    {
        int topic = TopicOf(kind, reason);
        lock (_gate)
        {
            long count = _topics[topic].Count;
            int copied = (int)Math.Min(Math.Min(count, RecentOfEach), destination.Length);
            for (int i = 0; i < copied; i++)
            {
                destination[i] = _recent[RecentPlace(topic, count - 1 - i)];
            }

            return copied;
        }
    }

    /// <summary>The last events of all kinds and reasons, oldest first.</summary>
    public IReadOnlyList<TunnelEvent> Recent()
    {
        var events = new List<TunnelEvent>();
        lock (_gate)
        {
            for (int topic = 0; topic < Topics; topic++)
            {
                for (long i = Math.Max(0, _topics[topic].Count - RecentOfEach); i < _topics[topic].Count; i++)
                {
                    events.Add(_recent[RecentPlace(topic, i)]);
                }
            }
        }

        events.Sort((one, other) => one.At.CompareTo(other.At));
        return events;
    }

    /// <summary>Takes note of an event.</summary>
    public void Add(in TunnelEvent added)
    {
        int place = TopicOf(added.Kind, added.Reason);
        bool isTold;
        lock (_gate)
        {
            ref Topic topic = ref _topics[place];
            _recent[RecentPlace(place, topic.Count++)] = added;
            isTold = topic.TryTell(added.At, added.Kind == TunnelEventKind.Dropped, out long untold);
            if (isTold)
            {
                _stream[_end % Capacity] = added with { Untold = untold };
                Volatile.Write(ref _end, _end + 1);
            }
        }

        if (isTold)
        {
            _listener?.Invoke();
        }
    }

    private static int TopicOf(TunnelEventKind kind, DropReason reason) =>
        kind == TunnelEventKind.Dropped ? Kinds + (int)reason : (int)kind;

    private static int RecentPlace(int topic, long number) => (topic * RecentOfEach) + (int)(number % RecentOfEach);

    /// <summary>Events of one kind and reason, and how many of them may be told.</summary>
    private struct Topic
    {
        // A drop comes from anybody, as often as he likes; of other events a hub of thousands of peers has many.
        private const int Burst = 64, DropBurst = 8;

        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), DropPause = TimeSpan.FromMilliseconds(250);

        public long Count;
        private long _untold;
        private Instant _fullAt; // when all of the burst will be there again

        /// <summary>A bucket of tokens, kept as the time at which it will be full.</summary>
        public bool TryTell(Instant now, bool isDrop, out long untold)
        {
            TimeSpan pause = isDrop ? DropPause : Pause;
            Instant from = _fullAt > now ? _fullAt : now;
            untold = _untold;
            if (from + pause > now + (pause * (isDrop ? DropBurst : Burst)))
            {
                _untold++;
                return false;
            }

            _fullAt = from + pause;
            _untold = 0;
            return true;
        }
    }
}
