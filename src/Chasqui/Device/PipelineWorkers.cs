using Chasqui.Linux;

namespace Chasqui.Device;

/// <summary>A device's threads that help its pipelines while these offer work, and sleep otherwise: no spinning, no timeouts.</summary>
/// <remarks>Threads: any may offer. The gate is held for some ten nanoseconds, once or twice a batch of up to 64 KiB.</remarks>
internal sealed class PipelineWorkers : IDisposable
{
    private const int MostStages = 256; // three a lane, and at most 64 lanes

    private readonly List<Thread> _threads = [];
    private readonly Action<Exception> _failed;

    // A monitor, not a Lock: the threads wait on it.
    private readonly object _gate = new();
    private readonly Queue<PipelineStage> _offered = new(MostStages);
    private int _sleeping;
    private bool _isStopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many; with none, pipelines are run by their readers alone.</param>
    /// <param name="failed">Told what a worker throws.</param>
    /// <exception cref="LinuxException">EAGAIN: the limit of threads is reached; none runs then.</exception>
    internal PipelineWorkers(int count, Action<Exception> failed)
    {
        _failed = failed;
        try
        {
            for (int i = 0; i < count; i++)
            {
                var thread = new Thread(Run) { IsBackground = true, Name = $"worker-{i}" };
                thread.Start();
                _threads.Add(thread);
            }
        }
        catch (OutOfMemoryException)
        {
            Dispose(); // how the runtime reports that there are no threads left
            throw new LinuxException("pthread_create", "worker", Errno.EAGAIN);
        }
    }

    /// <summary>How many threads there are.</summary>
    internal int Count => _threads.Count;

    /// <summary>Puts a stage in line, and wakes one thread for it if there is one asleep.</summary>
    internal void Offer(PipelineStage stage)
    {
        lock (_gate)
        {
            if (!stage.IsOffered)
            {
                stage.IsOffered = true;
                _offered.Enqueue(stage);
                if (_sleeping > 0)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }
    }

    /// <summary>Ends the threads and waits for them. What they have taken up is finished; drain the pipelines first.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Run()
    {
        while (TryTake(out PipelineStage? stage))
        {
            try
            {
                // One batch, and to the end of the line: no pipeline waits for another that never rests.
                _ = stage!.TryWork();
                PutBack(stage);
            }
            catch (Exception exception)
            {
                _failed(exception);
            }
        }
    }

    private bool TryTake(out PipelineStage? stage)
    {
        lock (_gate)
        {
            while (!_offered.TryDequeue(out stage))
            {
                if (_isStopping)
                {
                    return false;
                }

                _sleeping++;
                Monitor.Wait(_gate);
                _sleeping--;
            }

            stage.IsOffered = false;
            return true;
        }
    }

    /// <summary>Wakes nobody: the caller looks next himself, and the reader offers again while its backlog grows.</summary>
    private void PutBack(PipelineStage stage)
    {
        if (!stage.HasWork)
        {
            return;
        }

        lock (_gate)
        {
            if (!stage.IsOffered)
            {
                stage.IsOffered = true;
                _offered.Enqueue(stage);
            }
        }
    }
}
