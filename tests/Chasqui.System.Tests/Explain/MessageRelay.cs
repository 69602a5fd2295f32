using System.Net;
using System.Net.Sockets;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>Somebody on the way who hands all messages on, and keeps what went to the right end.</summary>
internal sealed class MessageRelay : IDisposable
{
    private const int BufferLength = 2048;

    private readonly Socket _near;
    private readonly Socket _far;
    private readonly IPEndPoint _right;
    private readonly List<byte[]> _kept = [];
    private readonly List<Thread> _threads = [];
    private volatile IPEndPoint? _left;
    private volatile bool _isOver;

    /// <param name="network">Where it is.</param>
    /// <param name="near">Its address on the left.</param>
    /// <param name="far">Its address on the right.</param>
    /// <param name="right">The right end.</param>
    public MessageRelay(NetworkNamespace network, string near, string far, string right)
    {
        _near = network.UdpSocket(near);
        _far = network.UdpSocket(far);
        _right = IPEndPoint.Parse(right);
        Carry(_near, message =>
        {
            lock (_kept)
            {
                _kept.Add(message);
            }

            _far.SendTo(message, _right);
        });
        Carry(_far, message => _near.SendTo(message, _left!));
    }

    /// <summary>Where the left end is to send.</summary>
    public string Address => _near.LocalEndPoint!.ToString()!;

    /// <summary>Sends all that was kept once more, the oldest first.</summary>
    public void Replay()
    {
        lock (_kept)
        {
            _kept.ForEach(message => _far.SendTo(message, _right));
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _threads.ForEach(thread => thread.Join());
        _near.Dispose();
        _far.Dispose();
    }

    private void Carry(Socket from, Action<byte[]> handOn)
    {
        from.ReceiveTimeout = 100;
        var thread = new Thread(() =>
        {
            byte[] buffer = new byte[BufferLength];
            while (!_isOver)
            {
                EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
                try
                {
                    int length = from.ReceiveFrom(buffer, ref sender);
                    _left = from == _near ? (IPEndPoint)sender : _left;
                    handOn(buffer[..length]);
                }
                catch (SocketException)
                {
                    // Nothing came within the time, or nobody listens at the other side yet.
                }
            }
        })
        { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }
}
