using System.Buffers.Binary;
using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>One tunnel with one session, and the datagrams that come at it; each outcome is held against a naive model.</summary>
internal sealed class Storm : IDisposable
{
    /// <summary>A seed of four bytes, and how often each of the kinds comes, a byte each.</summary>
    internal const int RecipeLength = sizeof(int) + Kinds;

    private const int Kinds = 8;
    private const int MostInBatch = 16;
    private const int MostInner = 160;
    private const int Remembered = 64;
    private const int ReplayLag = 8128; // whitepaper §5.4.6 asks for about 2000; the kernel's 8192 less one word

    private readonly Correspondent _peer;
    private readonly Tunnel _tunnel;
    private readonly Random _random;
    private readonly byte[] _material;
    private readonly int[] _upTo = new int[Kinds];
    private readonly byte[] _buffer = new byte[MostInBatch * (TransportView.MinimumLength + MostInner)];
    private readonly PacketSlot[] _slots = new PacketSlot[MostInBatch];
    private readonly byte[] _before = new byte[MostInner];
    private readonly byte[][] _recent = new byte[Remembered][];
    private readonly HashSet<ulong> _seen = [];
    private WatchedOutbox _outbox = new();
    private ulong _next;
    private int _fed;
    private int _remembered;

    internal Storm(Correspondent peer, int seed, ReadOnlySpan<byte> weights, ReadOnlySpan<byte> material)
    {
        _peer = peer;
        _random = new Random(seed);
        _material = material.IsEmpty ? [0x45] : material.ToArray();
        for (int kind = 0, sum = 0; kind < Kinds; kind++)
        {
            // Diffie-Hellman is a thousand times dearer than the rest: its kinds come at most once in a while.
            sum += kind >= 6 ? Math.Min(weights[kind], (byte)2) : 1 + (4 * weights[kind]);
            _upTo[kind] = sum;
        }

        _tunnel = peer.NewTunnel();
        Connect();
    }

    public void Dispose() => _tunnel.Dispose();

    internal void Run(int datagrams)
    {
        while (_fed < datagrams)
        {
            int dice = _random.Next(_upTo[^1]);
            Feed(Array.FindIndex(_upTo, upTo => dice < upTo));
        }

        _tunnel.Tick(Correspondent.Start, ref _outbox);
        Check.That(_tunnel.NextDeadline > Correspondent.Start.Now, "after a tick nothing is overdue");
        CheckAlive();
    }

    private void Connect()
    {
        Check.That(Receive(_peer.Initiation.ToArray()).Kind != VerdictKind.Deliver);
        Check.Same(_outbox.Sent[0], _peer.Response, "the response");
        _outbox.Sent.Clear();
    }

    private void Feed(int kind)
    {
        switch (kind)
        {
            case 0:
                Unauthentic(Noise(_random.Next(MostInner)));
                break;
            case 1:
                Unauthentic(Shaped());
                break;
            case 2 or 3:
                SealedBatch();
                break;
            case 4:
                Again(isDamaged: false);
                break;
            case 5:
                Again(isDamaged: true);
                break;
            default:
                Unauthentic(Handshake(kind));
                break;
        }
    }

    /// <summary>What no key was used for: nothing comes of it, and no answer is longer.</summary>
    private void Unauthentic(byte[] datagram)
    {
        int length = datagram.Length;
        Check.That(Receive(datagram).Kind != VerdictKind.Deliver);
        Check.That(_outbox.Sent.Sum(static sent => sent.Length) <= length, "a stranger gets no longer answer than what was sent");
        _outbox.Sent.Clear();
    }

    private Verdict Receive(byte[] datagram)
    {
        _fed++;
        return _tunnel.ReceiveDatagram(Correspondent.Start, Correspondent.Home, 0, datagram, ref _outbox);
    }

    /// <summary>Random bytes, a piece of the input among them.</summary>
    private byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }

    private void Fill(Span<byte> bytes)
    {
        _random.NextBytes(bytes);
        int from = _random.Next(_material.Length), at = _random.Next(bytes.Length + 1);
        int length = Math.Min(_material.Length - from, bytes.Length - at);
        _material.AsSpan(from, length).CopyTo(bytes[at..]);
    }

    /// <summary>The type and length of a message; its receiver is the session as often as not.</summary>
    private byte[] Shaped()
    {
        int type = 1 + _random.Next(4);
        byte[] datagram = Noise(type switch { 1 => 148, 2 => 92, 3 => 64, _ => 32 + _random.Next(MostInner) });
        BinaryPrimitives.WriteInt32LittleEndian(datagram, type);
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(datagram.AsSpan(type == 2 ? 8 : 4), _peer.Session.Value);
        }

        return datagram;
    }

    /// <summary>A right mac1 around anything, or what is sealed right around any key and time.</summary>
    private byte[] Handshake(int kind)
    {
        if (kind == 7)
        {
            byte[] timestamp = Noise(ProtocolConstants.TimestampLength);
            timestamp[0] = 0; // older than any that was accepted
            return _peer.SealInitiation(new SessionIndex((uint)_random.Next()), _peer.PublicKey.AsSpan(), timestamp);
        }

        byte[] message = Noise(_random.Next(2) == 0 ? 148 : 92);
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length == 148 ? 1 : 2);
        _peer.AddMac1(message);
        return message;
    }

    /// <summary>Data messages with the right keys around any inside, opened and committed as the engine does: a batch at a time.</summary>
    private void SealedBatch()
    {
        int count = 1 + _random.Next(MostInBatch), end = 0;
        for (int i = 0; i < count; i++)
        {
            ulong counter = NextCounter();
            byte[] sealedText = _peer.Seal(counter, Inside());
            Remember(sealedText);
            sealedText.CopyTo(_buffer, end);
            _slots[i] = new PacketSlot
            {
                Offset = end + TransportView.HeaderLength,
                Length = sealedText.Length - TransportView.MinimumLength,
                Counter = counter,
            };
            end += sealedText.Length;
        }

        _fed += count;
        Commit(_slots.AsSpan(0, count));
    }

    private void Commit(Span<PacketSlot> slots)
    {
        DropReason begun = _tunnel.TryBeginReceive(
            _peer.Session, Correspondent.Start.Now, Correspondent.Home, slots.Length, out ReceiveGrant grant);
        Check.That(begun == DropReason.None, "the session lives");
        grant.Keypair.Open(_buffer, slots);
        Span<int> expected = stackalloc int[MostInBatch];
        for (int i = 0; i < slots.Length; i++)
        {
            Check.That(slots[i].IsAuthentic);
            expected[i] = IsFresh(slots[i].Counter) ? DeliverableLength(_buffer.AsSpan(slots[i].Offset, slots[i].Length)) : 0;
        }

        _tunnel.CommitReceive(grant, Correspondent.Start, Correspondent.Home, 0, _buffer, slots, ref _outbox);
        grant.Keypair.Release();
        for (int i = 0; i < slots.Length; i++)
        {
            Check.That(slots[i].Length == expected[i], "what is delivered is what a naive reader and a naive window let pass");
        }

        _outbox.Sent.Clear();
    }

    /// <summary>Mostly the next counter; sometimes one back, sometimes far ahead.</summary>
    private ulong NextCounter() => _random.Next(16) switch
    {
        0 => (ulong)Math.Max(0, (long)_next - _random.Next(2 * ReplayLag)),
        1 => _next + (ulong)_random.Next(2 * ReplayLag),
        _ => _next,
    };

    /// <summary>A naive window: what was not seen, and is not too far behind the highest. Remembers.</summary>
    private bool IsFresh(ulong counter)
    {
        if (counter + 1 + ReplayLag < _next || !_seen.Add(counter))
        {
            return false;
        }

        _next = Math.Max(_next, counter + 1);
        return true;
    }

    /// <summary>The length of the packet that the peer may send, padding off; 0 if it is none.</summary>
    private static int DeliverableLength(ReadOnlySpan<byte> plaintext) =>
        NaiveIp.IsPadded(plaintext, out int length) && Correspondent.Owns(plaintext) ? length : 0;

    /// <summary>A packet of the peer's with some bytes wrong, or anything at all, or nothing.</summary>
    private ReadOnlySpan<byte> Inside()
    {
        Span<byte> inside = _before.AsSpan(0, _random.Next(8) == 0 ? 0 : 16 * (1 + _random.Next(MostInner / 16)));
        Fill(inside);
        if (inside.IsEmpty || _random.Next(4) == 0)
        {
            return inside;
        }

        bool isV6 = _random.Next(2) == 0 && inside.Length >= 40;
        inside[0] = isV6 ? (byte)0x60 : (byte)0x45;
        int length = Math.Min(inside.Length, isV6 ? 40 + _random.Next(inside.Length - 39) : 16 + _random.Next(inside.Length));
        BinaryPrimitives.WriteUInt16BigEndian(inside[(isV6 ? 4 : 2)..], (ushort)(isV6 ? length - 40 : length));
        ReadOnlySpan<byte> source = isV6 ? [0xFD, 0, 0, 1] : [10, 1];
        source.CopyTo(inside[(isV6 ? 8 : 12)..]);
        if (_random.Next(4) == 0)
        {
            inside[_random.Next(Math.Min(inside.Length, 24))] ^= (byte)(1 << _random.Next(8));
        }

        return inside;
    }

    /// <summary>A data message that was sent before, as it was or with one bit, its length or its end changed.</summary>
    private void Again(bool isDamaged)
    {
        if (_remembered == 0)
        {
            return;
        }

        byte[] datagram = _recent[_random.Next(Math.Min(_remembered, Remembered))].ToArray();
        if (isDamaged && _random.Next(4) == 0)
        {
            Array.Resize(ref datagram, _random.Next(datagram.Length + 32));
        }

        if (isDamaged && datagram.Length > 0)
        {
            datagram[_random.Next(datagram.Length)] ^= (byte)(1 << _random.Next(8));
        }

        Unauthentic(datagram);
    }

    private void Remember(byte[] datagram) => _recent[_remembered++ % Remembered] = datagram;

    /// <summary>After all that, the peer's next packet is delivered.</summary>
    private void CheckAlive()
    {
        byte[] packet = new PacketRecipe().Packet([1, 2, 3]);
        byte[] datagram = _peer.Seal(_next, packet);
        Verdict verdict = _tunnel.ReceiveDatagram(Correspondent.Start, Correspondent.Home, 0, datagram, ref _outbox);
        Check.That(verdict.Kind == VerdictKind.Deliver, "the storm does not end the session");
        Check.Same(datagram.AsSpan(verdict.Offset, verdict.Length), packet);
    }
}
