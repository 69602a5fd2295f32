using Chasqui.SyscallBench.Interop;

namespace Chasqui.SyscallBench;

/// <summary>A thread bound to a core, in a network namespace of its own, that does what it is told.</summary>
/// <remarks>The namespace has no name: it goes when the process does, however that ends.</remarks>
internal sealed class Core : IDisposable
{
    private readonly Thread _thread;
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private Action? _work;
    private Exception? _failure;

    internal Core(int core)
    {
        _thread = new Thread(() => Loop(core)) { IsBackground = true };
        _thread.Start();
        _done.Wait();
        Rethrow();
    }

    /// <summary>The kernel's number of the thread.</summary>
    internal int ThreadId { get; private set; }

    /// <summary>Starts something on the other core.</summary>
    internal void Begin(Action work)
    {
        _work = work;
        _ = _go.Release();
    }

    /// <summary>Waits until it is done.</summary>
    internal void Join()
    {
        _done.Wait();
        Rethrow();
    }

    /// <summary>Does something on the other core and waits.</summary>
    internal void Do(Action work)
    {
        Begin(work);
        Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _work = null;
        _ = _go.Release();
        _thread.Join();
        _go.Dispose();
        _done.Dispose();
    }

    private void Loop(int core)
    {
        Attempt(() =>
        {
            Libc.Pin(core);
            Libc.Check(Libc.unshare(Libc.CLONE_NEWNET), "unshare");
            ThreadId = Libc.gettid();
        });
        while (true)
        {
            _go.Wait();
            if (_work is not { } work)
                return;
            Attempt(work);
        }
    }

    private void Attempt(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            _failure = e;
        }

        _ = _done.Release();
    }

    private void Rethrow()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            throw new InvalidOperationException(failure.Message, failure);
    }
}
