namespace Chasqui.Device;

/// <summary>Three phases of a stream of batches: filled by one thread, transformed by any, finished in order.</summary>
/// <remarks>
/// One thread, the reader, calls <see cref="Next"/>, fills what it gets, and calls <see cref="Submit"/>. Each time that it comes to read
/// it says whether there was <see cref="More"/>, or nothing: then it calls <see cref="Rest"/>, and may sleep. While it keeps up, it does all
/// three phases itself, one batch after the other, always in the same buffer: no hand-over, no wake-up, no lock. Only when it has found
/// more <see cref="Backlog"/> times in a row are batches handed to <see cref="PipelineWorkers"/>; the next rest ends that.
///
/// Batches are finished in the order in which they were submitted, by whichever thread has transformed the oldest, one at a time.
/// Bounded: while all batches are under way the reader helps, or waits. What a phase throws ends the pipeline, and comes out of the
/// reader's next call. Allocates nothing after its construction.
/// </remarks>
/// <typeparam name="TBatch">The batch: buffers and what belongs to them, made once and used for ever.</typeparam>
internal sealed class OrderedPipeline<TBatch> : PipelineStage
    where TBatch : class
{
    /// <summary>How often the reader may find more at once and still do all by itself.</summary>
    internal const int Backlog = 4;

    // One that is filled, one that is sent, the rest being transformed: more would be a queue that stands.
    private const int MostBatches = 6;

    private readonly TBatch[] _ring;
    private readonly bool[] _isTransformed;
    private readonly Action<TBatch> _transform;
    private readonly Action<TBatch> _finish;
    private readonly PipelineWorkers _workers;

    // A monitor, not a Lock: the reader waits on it. It guards what follows, but the reader alone writes the first.
    // INVARIANT: _finished <= _claimed <= _submitted <= _finished + length of the ring.
    private readonly object _gate = new();
    private long _submitted;
    private long _claimed;
    private long _finished;
    private bool _isFinishing;
    private bool _isReaderWaiting;
    private Exception? _failure;

    // The reader's own.
    private int _withoutRest;

    /// <summary>A pipeline over the given batches.</summary>
    /// <param name="ring">The batches, one or more; they are filled in turn.</param>
    /// <param name="transform">The second phase: any thread, several batches at once.</param>
    /// <param name="finish">The third phase: any thread, in order, one batch at a time.</param>
    /// <param name="workers">Who helps; may serve several pipelines.</param>
    internal OrderedPipeline(TBatch[] ring, Action<TBatch> transform, Action<TBatch> finish, PipelineWorkers workers)
    {
        _ring = ring;
        _isTransformed = new bool[ring.Length];
        _transform = transform;
        _finish = finish;
        _workers = workers;
    }

    /// <summary>A pipeline with as many batches as its workers can use: one without any.</summary>
    internal static OrderedPipeline<TBatch> Make(
        Func<TBatch> newBatch, Action<TBatch> transform, Action<TBatch> finish, PipelineWorkers workers)
    {
        var ring = new TBatch[workers.Count == 0 ? 1 : Math.Min(workers.Count + 2, MostBatches)];
        for (int i = 0; i < ring.Length; i++)
        {
            ring[i] = newBatch();
        }

        return new OrderedPipeline<TBatch>(ring, transform, finish, workers);
    }

    /// <summary>Whether the reader hands batches on. The reader's.</summary>
    internal bool IsShared => _withoutRest > Backlog && _workers.Count > 0 && _ring.Length > 1;

    /// <summary>Whether <see cref="Submit"/> would do all three phases at once, here. The reader's.</summary>
    internal bool IsAlone => !IsShared && IsNothingUnderWay;

    /// <inheritdoc/>
    internal override bool HasWork => Volatile.Read(ref _claimed) < Volatile.Read(ref _submitted);

    // ORDER: whoever finishes a batch is done with it before it counts it.
    private bool IsNothingUnderWay => Volatile.Read(ref _finished) == _submitted;

    /// <summary>The batch to fill next: the reader's until <see cref="Submit"/>. Waits, helping, until there is a free one.</summary>
    /// <exception cref="InvalidOperationException">A phase has thrown: the inner exception.</exception>
    internal TBatch Next()
    {
        while (!IsNothingUnderWay && _submitted - Volatile.Read(ref _finished) == _ring.Length)
        {
            if (!TryWork())
            {
                WaitUntilFinished(_submitted - _ring.Length + 1);
            }
        }

        return _ring[_submitted % _ring.Length];
    }

    /// <summary>The reader has found something to read, without having slept. The reader's.</summary>
    internal void More() => _withoutRest += _withoutRest <= Backlog ? 1 : 0;

    /// <summary>Hands on the batch that <see cref="Next"/> gave. The reader's.</summary>
    /// <exception cref="InvalidOperationException">A phase has thrown: the inner exception.</exception>
    internal void Submit()
    {
        if (IsAlone)
        {
            TBatch batch = _ring[_submitted % _ring.Length];
            _transform(batch);
            _finish(batch);
            return;
        }

        long unclaimed;
        lock (_gate)
        {
            unclaimed = ++_submitted - _claimed;
        }

        // One that waits is for the reader, who may find nothing more to read; two are worth waking somebody.
        if (!IsShared)
        {
            DoWhatWaits();
        }
        else if (unclaimed > 1)
        {
            _workers.Offer(this);
        }
    }

    /// <summary>The reader has found nothing more to read: what nobody has taken up is done now. Then the reader may sleep.</summary>
    /// <exception cref="InvalidOperationException">A phase has thrown: the inner exception.</exception>
    internal void Rest()
    {
        _withoutRest = 0;
        if (!IsNothingUnderWay)
        {
            DoWhatWaits();
        }
    }

    /// <summary>Does all that is left, and waits for what workers hold. The reader's, at its end.</summary>
    /// <exception cref="InvalidOperationException">A phase has thrown: the inner exception.</exception>
    internal void Drain()
    {
        Rest();
        WaitUntilFinished(_submitted);
    }

    /// <inheritdoc/>
    internal override bool TryWork()
    {
        long number;
        lock (_gate)
        {
            ThrowIfFailed();
            if (_claimed == _submitted)
            {
                return false;
            }

            number = _claimed++;
        }

        try
        {
            _transform(_ring[number % _ring.Length]);
            FinishInOrder(number);
            return true;
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw;
        }
    }

    private void DoWhatWaits()
    {
        while (TryWork())
        {
        }
    }

    /// <summary>Finishes all that is in turn, unless somebody is at it: he comes upon this batch too.</summary>
    private void FinishInOrder(long number)
    {
        lock (_gate)
        {
            _isTransformed[number % _ring.Length] = true;
            if (_isFinishing)
            {
                return;
            }

            _isFinishing = true;
        }

        while (TryTakeOldest(out int slot))
        {
            _finish(_ring[slot]);
            lock (_gate)
            {
                _isTransformed[slot] = false;
                _finished++;
                if (_isReaderWaiting)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }
    }

    private bool TryTakeOldest(out int slot)
    {
        lock (_gate)
        {
            slot = (int)(_finished % _ring.Length);
            return _isFinishing = _isTransformed[slot];
        }
    }

    private void WaitUntilFinished(long count)
    {
        lock (_gate)
        {
            _isReaderWaiting = true;
            while (_finished < count && _failure is null)
            {
                Monitor.Wait(_gate);
            }

            _isReaderWaiting = false;
            ThrowIfFailed();
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            _failure ??= exception;
            Monitor.PulseAll(_gate);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A phase of the pipeline has failed.", failure);
        }
    }
}
