using System.Buffers;
using System.Net;
using Chasqui.Device;
using Chasqui.Linux;
using Chasqui.Linux.Tcp;
using Microsoft.Extensions.Logging;

namespace Chasqui.Metrics;

/// <summary>Metrics of one interface over HTTP, for Prometheus: <c>GET /metrics</c>.</summary>
/// <remarks>
/// One thread, which sleeps while nobody asks. Whoever connects may be anybody: there are at most <see cref="MaxClients"/> of them, the
/// oldest goes when there is one more; each has ten seconds for everything, and 4 KiB for what he asks; however many ask, the text
/// is made four times a second at most. Threads: <see cref="Dispose"/> from any, once.
/// </remarks>
public sealed class MetricsServer : IDisposable
{
    /// <summary>Clients served at once.</summary>
    public const int MaxClients = 16;

    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long PatienceNanoseconds = 10_000 * NanosecondsPerMillisecond;
    private const long FreshNanoseconds = 250 * NanosecondsPerMillisecond;
    private const int PauseMilliseconds = 100;
    private const int Listener = 1;

    private readonly TcpListener _listener;
    private readonly Func<InterfaceMetrics> _collect;
    private readonly MetricsLog _log;
    private readonly EventFd _stop = new();
    private readonly Thread _thread;
    private readonly LinkedList<MetricsClient> _clients = new(); // oldest first
    private readonly (long MadeAt, byte[] Text)[] _made = new (long, byte[])[(int)MetricsFormat.Prometheus + 1];
    private bool _isRefused;

    /// <summary>Starts to serve a device's metrics.</summary>
    /// <param name="address">Where to listen; its port may be 0.</param>
    /// <param name="device">The device; must outlive this.</param>
    /// <param name="logger">Where it is said that the metrics have ended, which is a bug.</param>
    /// <exception cref="LinuxException">EADDRINUSE, EADDRNOTAVAIL, EACCES; or EMFILE and the like.</exception>
    public MetricsServer(IPEndPoint address, WireGuardDevice device, ILogger logger)
        : this(address, new DeviceMetrics(device).Collect, new MetricsLog(logger, device.Name))
    {
    }

    internal MetricsServer(IPEndPoint address, Func<InterfaceMetrics> collect, MetricsLog log)
    {
        _collect = collect;
        _log = log;
        _listener = TcpListener.Bind(address);
        _thread = new Thread(Run) { IsBackground = true, Name = "metrics" };
        _thread.Start();
    }

    /// <summary>The port that it listens on.</summary>
    public ushort Port => _listener.Port;

    /// <summary>Ends all connections and waits for the thread.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            ServeUntilStopped();
        }
        catch (Exception exception)
        {
            _log.Failed(exception);
        }
        finally
        {
            _listener.Dispose();
            foreach (MetricsClient client in _clients)
            {
                client.Dispose();
            }
        }
    }

    private void ServeUntilStopped()
    {
        while (true)
        {
            using var poller = new Poller(Listener + 1 + _clients.Count);
            int stop = poller.Add(_stop.Descriptor, PollEvents.Read);
            _ = poller.Add(_listener.Descriptor, _isRefused ? PollEvents.None : PollEvents.Read);
            foreach (MetricsClient client in _clients)
            {
                _ = poller.Add(client.Descriptor, client.Awaited);
            }

            _ = poller.Wait(Timeout(BootClock.Now()));
            if (poller.Ready(stop) != 0)
            {
                return;
            }

            AdvanceClients(poller, BootClock.Now());
            if (_isRefused || poller.Ready(Listener) != 0)
            {
                AcceptAll();
            }
        }
    }

    private int Timeout(long now)
    {
        if (_isRefused)
        {
            return PauseMilliseconds;
        }

        // All have the same patience, so that the oldest is the first to lose it.
        return _clients.First is { } oldest
            ? (int)(Math.Max(oldest.Value.DeadlineNanoseconds - now, 0) / NanosecondsPerMillisecond) + 1
            : Poller.Forever;
    }

    private void AdvanceClients(Poller poller, long now)
    {
        int place = Listener + 1;
        for (LinkedListNode<MetricsClient>? node = _clients.First, next; node is not null; node = next, place++)
        {
            next = node.Next;
            bool goesOn = node.Value.DeadlineNanoseconds > now && (poller.Ready(place) == 0 || node.Value.Advance(Answer));
            if (!goesOn)
            {
                node.Value.Dispose();
                _clients.Remove(node);
            }
        }
    }

    /// <summary>Takes in whoever waits. What keeps it from doing so passes, and until then the listener stays readable.</summary>
    private void AcceptAll()
    {
        try
        {
            _isRefused = false;
            for (int i = 0; i < MaxClients && _listener.Accept() is { } connection; i++)
            {
                if (_clients.Count == MaxClients)
                {
                    _clients.First!.Value.Dispose();
                    _clients.RemoveFirst();
                }

                _clients.AddLast(new MetricsClient(connection, BootClock.Now() + PatienceNanoseconds));
            }
        }
        catch (LinuxException)
        {
            _isRefused = true;
        }
    }

    private byte[] Answer(MetricsRequest request) => MetricsAnswer.Make(request, Text);

    private byte[] Text(MetricsFormat format)
    {
        ref (long MadeAt, byte[] Text) made = ref _made[(int)format];
        long now = BootClock.Now();
        if (made.Text is null || now - made.MadeAt >= FreshNanoseconds)
        {
            var text = new ArrayBufferWriter<byte>(64 * 1024);
            MetricsDocument.Write([_collect()], format, text);
            made = (now, text.WrittenSpan.ToArray());
        }

        return made.Text;
    }
}
