using Chasqui.Core.Wire;

namespace Chasqui.Device;

/// <summary>The thread that computes handshakes, so that Diffie-Hellman never stands in the way of data.</summary>
internal sealed class HandshakeLoop : IDisposable
{
    private readonly DeviceContext _context;
    private readonly LoopThread _thread;
    private SendingOutbox _outbox;

    internal HandshakeLoop(DeviceContext context)
    {
        _context = context;
        _outbox = new SendingOutbox(context.Sockets);
        _thread = new LoopThread(context, "handshake", Run);
    }

    /// <summary>Starts taking messages from the queue.</summary>
    internal void Start() => _thread.Start();

    /// <summary>Ends the thread and waits for it.</summary>
    public void Dispose()
    {
        _context.Handshakes.Close();
        _thread.Dispose();
    }

    private void Run()
    {
        Span<byte> message = stackalloc byte[InitiationView.Length];
        while (_context.Handshakes.TryDequeue(message, out int length, out Endpoint from, out int queued))
        {
            _context.Tunnel.ReceiveHandshake(Clock.Read(), from, message[..length], queued, ref _outbox);
            _context.WakeForDeadline();
        }
    }
}
