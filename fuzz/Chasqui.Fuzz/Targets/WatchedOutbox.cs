using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Takes what a tunnel sends, and checks what holds for every datagram.</summary>
internal sealed class WatchedOutbox : IOutbox
{
    private const byte Untouched = 0xA5;

    private readonly byte[] _buffer = new byte[70_000];
    private int _reserved;

    /// <summary>The datagrams, oldest first.</summary>
    internal List<byte[]> Sent { get; } = [];

    public Span<byte> Reserve(int lengthBytes)
    {
        Check.That(lengthBytes is > 0 and <= 65535);
        _reserved = lengthBytes;
        _buffer.AsSpan(0, lengthBytes + 64).Fill(Untouched);
        return _buffer.AsSpan(0, lengthBytes + 64);
    }

    public void Commit(int lengthBytes, Peer? peer, in Endpoint endpoint, byte trafficClass)
    {
        Check.That(lengthBytes == _reserved);
        Check.That(!endpoint.IsNone);
        Check.That(!_buffer.AsSpan(lengthBytes, 64).ContainsAnyExcept(Untouched), "no more is written than was reserved");
        MessageType type = Datagram.Classify(_buffer.AsSpan(0, lengthBytes));
        Check.That(type != MessageType.Invalid);
        Check.That(peer is not null || type == MessageType.CookieReply);
        _reserved = 0;
        Sent.Add(_buffer[..lengthBytes]);
    }
}
