using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Names;

namespace Chasqui.Device;

/// <summary>Resolves the names that the tunnel asks for, one after the other, on a thread that is there only while there are some.</summary>
/// <remarks>
/// A resolver may block for half a minute, and nothing can interrupt it: so it has no lock while it is asked, and the device ends without
/// waiting for it. The thread is a child of the control thread's, and lives in the device's network namespace as that does.
/// </remarks>
internal sealed class NameLoop : IDisposable
{
    private const int StackBytes = 512 * 1024; // what name services want, and not what threads get

    private readonly DeviceContext _context;
    private readonly DeviceLog _log;
    private readonly Func<EndpointName, NameAnswer> _resolve;

    // Guards everything below. Taken before any lock of the tunnel.
    private readonly Lock _gate = new();
    private readonly Queue<NameQuery> _queries = new();
    private bool _isRunning;
    private bool _isDisposed;

    /// <summary>Makes a loop that has nothing to do.</summary>
    /// <param name="context">The device.</param>
    /// <param name="log">Where answers are told.</param>
    /// <param name="resolve">The resolver; may block, must not throw.</param>
    internal NameLoop(DeviceContext context, DeviceLog log, Func<EndpointName, NameAnswer> resolve)
    {
        _context = context;
        _log = log;
        _resolve = resolve;
    }

    /// <summary>Takes over what the tunnel wants to know. Call after each of its ticks, from one thread.</summary>
    internal void TakeQueries()
    {
        while (_context.Tunnel.TryTakeNameQuery(out NameQuery? query))
        {
            Add(query);
        }
    }

    /// <summary>Takes no answer any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }
    }

    private void Add(NameQuery query)
    {
        lock (_gate)
        {
            _queries.Enqueue(query);
            if (!_isRunning && !TryStart())
            {
                _queries.Clear();
                Deliver(query, new NameAnswer([], default, "no thread is left to ask on"));
            }
        }
    }

    private bool TryStart()
    {
        try
        {
            new Thread(Run, StackBytes) { IsBackground = true, Name = "names" }.Start();
            _isRunning = true;
        }
        catch (OutOfMemoryException)
        {
            // How the runtime reports that the limit of threads is reached.
        }

        return _isRunning;
    }

    private void Run()
    {
        try
        {
            while (TryTake() is { } query)
            {
                NameAnswer answer = _resolve(query.Name);
                lock (_gate)
                {
                    Deliver(query, answer);
                }
            }
        }
        catch (Exception exception)
        {
            _context.Fail(exception);
        }
    }

    private NameQuery? TryTake()
    {
        lock (_gate)
        {
            _isRunning = !_isDisposed && _queries.Count > 0;
            return _isRunning ? _queries.Dequeue() : null;
        }
    }

    /// <summary>Hands an answer to the tunnel, if there still is one. The gate is held.</summary>
    private void Deliver(NameQuery query, in NameAnswer answer)
    {
        if (_isDisposed)
        {
            return;
        }

        Instant now = Clock.Now();
        if (answer.Failure is null)
        {
            NameOutcome outcome = _context.Tunnel.AnswerName(query, answer.Addresses, answer.TimeToLive, now);
            _log.NameResolved(query, outcome, answer);
        }
        else if (_context.Tunnel.FailName(query, now) is { } pause)
        {
            _log.NameNotResolved(query, answer.Failure, pause);
        }

        _context.WakeForDeadline();
    }
}
