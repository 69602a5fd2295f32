using System.Buffers.Binary;
using Chasqui.Core;
using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>One tunnel under test and everything that one input does to it.</summary>
internal sealed class TunnelScene : IDisposable
{
    private static readonly TimeSpan FarthestDeadline = TimeSpan.FromHours(19); // persistent keepalives: up to 65535 s

    // Each may cost a handshake.
    private const int MaxTicks = 16;

    private readonly Correspondent _peer;
    private readonly Tunnel _tunnel;
    private readonly HashSet<ulong> _countersDelivered = [];
    private WatchedOutbox _outbox = new();
    private Moment _now = Correspondent.Start;
    private Endpoint _from = Correspondent.Home;
    private byte[]? _initiationSent;
    private Instant _birth = Correspondent.Start.Now;
    private byte _trafficClass;
    private ulong _counter;
    private bool _isPeerKnown = true;

    internal TunnelScene(Correspondent peer)
    {
        _peer = peer;
        _tunnel = peer.NewTunnel();
    }

    public void Dispose() => _tunnel.Dispose();

    /// <summary>Begins the session that <see cref="SendSealed"/> uses.</summary>
    internal void Connect()
    {
        ReceiveUnauthentic(_peer.Initiation.ToArray());
        Check.Same(_outbox.Sent[0], _peer.Response, "the response");
        _outbox.Sent.Clear();
    }

    /// <summary>Does the next thing that the input says.</summary>
    internal void Step(ref InputReader reader)
    {
        byte op = reader.Byte();
        Action(op % 12, ref reader);
        CheckSent();
        Instant next = _tunnel.NextDeadline;
        Check.That(next == Instant.Never || next <= _now.Now + FarthestDeadline);
    }

    private void Action(int action, ref InputReader reader)
    {
        switch (action)
        {
            case 0:
                ReceiveUnauthentic(reader.Take(reader.UInt16() % 400).ToArray());
                break;
            case 1:
                ReceiveUnauthentic(Shaped(ref reader));
                break;
            case 2:
                ReceiveUnauthentic(WithMac1(ref reader, reader.Byte()));
                break;
            case 3 or 4:
                SendSealed(ref reader);
                break;
            case 5:
                Wait(TimeSpan.FromMilliseconds(reader.UInt16() * 8));
                break;
            case 6:
                SendInitiation(ref reader);
                break;
            case 7:
                _tunnel.SendPacket(_now.Now, InnerPacket(ref reader), ref _outbox);
                break;
            case 8:
                SendCookie(ref reader);
                break;
            case 9:
                UnderLoad(ref reader);
                break;
            case 10:
                Move(reader.Byte(), reader.Byte());
                break;
            default:
                Configure(reader.Byte());
                break;
        }
    }

    /// <summary>Whatever a stranger sends: nothing is delivered, and nothing longer is answered.</summary>
    private void ReceiveUnauthentic(byte[] datagram)
    {
        int length = datagram.Length;
        Verdict verdict = _tunnel.ReceiveDatagram(_now, _from, _trafficClass, datagram, ref _outbox);
        Check.That(verdict.Kind != VerdictKind.Deliver);
        Check.That(_outbox.Sent.Sum(sent => sent.Length) <= length, "a stranger gets no longer answer than what was sent");
    }

    /// <summary>The type and length of a message, and any content; the receiver is often one that exists.</summary>
    private byte[] Shaped(ref InputReader reader)
    {
        byte kind = reader.Byte();
        int length = (kind & 3) switch { 0 => 148, 1 => 92, 2 => 64, _ => 32 + (reader.UInt16() % 300) };
        byte[] datagram = new byte[length];
        reader.Fill(datagram);
        BinaryPrimitives.WriteUInt32LittleEndian(datagram, (uint)(kind & 3) + 1);
        if ((kind & 4) != 0)
        {
            int at = (kind & 3) == 1 ? 8 : 4;
            BinaryPrimitives.WriteUInt32LittleEndian(datagram.AsSpan(at), KnownIndex((kind & 8) != 0));
        }

        return datagram;
    }

    private uint KnownIndex(bool isHandshake) =>
        isHandshake && _initiationSent is not null ? BinaryPrimitives.ReadUInt32LittleEndian(_initiationSent.AsSpan(4)) : _peer.Session.Value;

    /// <summary>An initiation or response of any content but the macs.</summary>
    private byte[] WithMac1(ref InputReader reader, byte kind)
    {
        byte[] message = new byte[(kind & 1) == 0 ? 148 : 92];
        reader.Fill(message);
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)(kind & 1) + 1);
        if ((kind & 3) == 3)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), KnownIndex((kind & 4) != 0));
        }

        _peer.AddMac1(message);
        return message;
    }

    /// <summary>A data message with the right keys around any content.</summary>
    private void SendSealed(ref InputReader reader)
    {
        byte kind = reader.Byte();
        _counter = (kind & 3) switch { 0 => _counter, 3 => reader.UInt64(), _ => _counter + reader.Byte() + 1 };
        byte[] plaintext = (kind & 4) != 0 ? reader.Take(reader.UInt16() % 1500).ToArray() : InnerPacket(ref reader);
        byte[] datagram = _peer.Seal(_counter, plaintext);
        bool isDamaged = (kind & 8) != 0;
        if (isDamaged)
        {
            datagram[reader.UInt16() % datagram.Length] ^= 1;
        }

        Verdict verdict = _tunnel.ReceiveDatagram(_now, _from, _trafficClass, datagram, ref _outbox);
        if (verdict.Kind == VerdictKind.Deliver)
        {
            Check.That(!isDamaged, "what was damaged is not delivered");
            CheckDelivered(datagram.AsSpan(verdict.Offset, verdict.Length), plaintext);
        }
    }

    private void CheckDelivered(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> plaintext)
    {
        Check.That(_tunnel.IsUp);
        Check.That(_isPeerKnown);
        Check.That(NaiveIp.IsWhole(packet));
        Check.That(Correspondent.Owns(packet), "what is delivered comes from an address of the peer's");
        Check.That(_countersDelivered.Add(_counter), "nothing is delivered twice");
        Check.That(_counter < ProtocolConstants.RejectAfterMessages);
        Check.That(_now.Now < _birth + ProtocolConstants.RejectAfterTime);
        if ((_trafficClass & 3) != 3)
        {
            Check.Same(packet, plaintext[..packet.Length], "what is delivered");
        }
    }

    /// <summary>A sound packet from an address of the peer's, damaged and padded as the input says.</summary>
    private static byte[] InnerPacket(ref InputReader reader)
    {
        PacketRecipe recipe = PacketRecipe.Read(ref reader);
        byte[] packet = recipe.Packet(new byte[reader.Byte()]);
        if (recipe.IsV6)
        {
            packet[11] = 1; // fd00:1::
        }

        Patches.Apply(ref reader, packet);
        return [.. packet, .. new byte[reader.Byte() & 15]];
    }

    /// <summary>Time passes, either all at once or from deadline to deadline as in the engine.</summary>
    private void Wait(TimeSpan time)
    {
        Instant until = _now.Now + time;
        for (int ticks = 0; _tunnel.NextDeadline <= until && ticks < MaxTicks; ticks++)
        {
            Instant due = _tunnel.NextDeadline;
            AdvanceTo(due > _now.Now ? due : _now.Now);
            _tunnel.Tick(_now, ref _outbox);
            Check.That(_tunnel.NextDeadline > _now.Now, "after a tick nothing is overdue");
            CheckSent();
        }

        AdvanceTo(until);
        _tunnel.Tick(_now, ref _outbox);
        Check.That(_tunnel.NextDeadline > _now.Now, "after a tick nothing is overdue");
    }

    private void AdvanceTo(Instant instant) =>
        _now = new Moment(instant, _now.UnixNanoseconds + (instant.Nanoseconds - _now.Now.Nanoseconds));

    private void SendInitiation(ref InputReader reader)
    {
        byte kind = reader.Byte();
        Span<byte> key = stackalloc byte[ProtocolConstants.KeyLength], timestamp = stackalloc byte[ProtocolConstants.TimestampLength];
        if ((kind & 1) != 0)
        {
            reader.Fill(key);
        }
        else
        {
            _peer.PublicKey.AsSpan().CopyTo(key);
        }

        reader.Fill(timestamp);
        timestamp[0] ^= 0x40; // a date of ours, unless the input says otherwise
        ReceiveUnauthentic(_peer.SealInitiation(new SessionIndex(reader.UInt16()), key, timestamp));
    }

    private void SendCookie(ref InputReader reader)
    {
        byte[] sent = _initiationSent ?? _peer.Initiation;
        byte nonce = reader.Byte();
        Span<byte> cookie = stackalloc byte[ProtocolConstants.MacLength];
        reader.Fill(cookie);
        byte[] reply = _peer.SealCookie(sent, cookie, nonce);
        Patches.Apply(ref reader, reply);
        ReceiveUnauthentic(reply);
    }

    private void UnderLoad(ref InputReader reader)
    {
        byte kind = reader.Byte();
        bool isAuthentic = (kind & 8) != 0;
        byte[] message = isAuthentic ? _peer.Initiation.ToArray() : WithMac1(ref reader, kind);
        DropReason reason = _tunnel.ReceiveHandshake(_now, _from, message, reader.UInt16(), ref _outbox);
        if (isAuthentic && reason == DropReason.None)
        {
            _birth = _now.Now; // the session begins here
        }

        Check.That(_outbox.Sent.Sum(sent => sent.Length) <= message.Length, "a cookie reply is shorter than what it answers");
    }

    private void Move(byte place, byte trafficClass)
    {
        IpAddress address = (place & 1) == 0 ? IpAddress.V4(0xC0000200u + place) : IpAddress.V6(0x2001_0DB8_0000_0000, place);
        _from = new Endpoint(new IpEndpoint(address, (ushort)(1000 + place)), (place & 2) == 0 ? default : IpAddress.V4(1), place & 4);
        _trafficClass = trafficClass;
    }

    private void Configure(byte kind)
    {
        switch (kind & 7)
        {
            case 0:
                _tunnel.Down();
                break;
            case 1:
                _tunnel.Up(_now.Now);
                break;
            case 2:
                Check.That(_tunnel.TryApply(_peer.Configuration(replacePeers: true), _now.Now));
                _isPeerKnown = true;
                break;
            case 3:
                Check.That(_tunnel.TryApply(new() { Peers = [new() { PublicKey = _peer.PublicKey, Remove = true }] }, _now.Now));
                _isPeerKnown = false;
                break;
            case 4:
                Check.That(_tunnel.TryApply(new() { ListenPort = 7, FwMark = 8 }, _now.Now));
                break;
            case 5:
                _tunnel.Mtu = kind * 8;
                break;
            default:
                _tunnel.Snapshot(1, 2).Dispose();
                break;
        }
    }

    private void CheckSent()
    {
        foreach (byte[] sent in _outbox.Sent)
        {
            _initiationSent = Datagram.Classify(sent) == MessageType.Initiation ? sent : _initiationSent;
        }

        _outbox.Sent.Clear();
    }
}
