using Chasqui.Linux;

namespace Chasqui.Device;

/// <summary>One thread of a device: started once, told to stop and waited for once. What it throws ends the device, not the process.</summary>
internal sealed class LoopThread : IDisposable
{
    private readonly DeviceContext _context;
    private readonly Action _body;
    private readonly Thread _thread;
    private readonly EventFd _stop = new();
    private volatile bool _isStopping;
    private bool _isStarted;
    private bool _isDisposed;

    /// <summary>Makes a thread that does not run yet.</summary>
    /// <param name="context">The device that ends if <paramref name="body"/> throws.</param>
    /// <param name="name">The thread's name, as top(1) shows it.</param>
    /// <param name="body">What it does; returns soon after <see cref="IsStopping"/>.</param>
    /// <exception cref="LinuxException">EMFILE.</exception>
    internal LoopThread(DeviceContext context, string name, Action body)
    {
        _context = context;
        _body = body;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Readable from the moment that the thread is to stop.</summary>
    internal FileDescriptor StopDescriptor => _stop.Descriptor;

    /// <summary>Whether the thread is to stop.</summary>
    internal bool IsStopping => _isStopping;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="LinuxException">EAGAIN: the limit of threads is reached.</exception>
    internal void Start()
    {
        try
        {
            _thread.Start();
            _isStarted = true;
        }
        catch (OutOfMemoryException)
        {
            // How the runtime reports that there are no threads left, or none of the descriptors that one takes.
            throw new LinuxException("pthread_create", _thread.Name!, Errno.EAGAIN);
        }
    }

    /// <summary>Ends the thread, if it was started, and waits for it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _isStopping = true;
        _stop.Set();
        if (_isStarted)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            _body();
        }
        catch (Exception exception)
        {
            _context.Fail(exception);
        }
    }
}
