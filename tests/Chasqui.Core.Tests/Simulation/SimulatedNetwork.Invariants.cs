using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <content>What must be true of everything that is sent, refused or delivered.</content>
internal sealed partial class SimulatedNetwork
{
    // Who sealed what, by his key at that moment: the receiver field and the counter are in the clear.
    private readonly Dictionary<(SimulatedHost Sender, SessionIndex Receiver, ulong Counter), PublicKey> _sealers = [];
    private readonly Dictionary<(SimulatedHost Host, SessionIndex Own), Instant> _births = [];
    private readonly Dictionary<(SimulatedHost Host, SessionIndex Remote), Instant> _sendingBirths = [];
    private readonly Dictionary<ulong, LedgerEntry> _ledger = [];
    private ulong _lastNumber;

    /// <summary>Inner packets sent so far and those that came to their destination.</summary>
    internal int SentPackets => _ledger.Count;

    internal int DeliveredPackets { get; private set; }

    /// <summary>The number that the last registered packet carries.</summary>
    internal ulong LastNumber => _lastNumber;

    /// <summary>Notes a packet that is about to be sent, so that its arrival can be checked.</summary>
    internal byte[] Register(SimulatedHost from, Func<ulong, byte[]> make)
    {
        ulong number = ++_lastNumber;
        byte[] packet = make(number);
        _ledger.Add(number, new LedgerEntry(from, packet));
        return packet;
    }

    /// <summary>Notes who owned the packet's destination when it was handed in.</summary>
    internal void NoteOwner(ReadOnlySpan<byte> packet, PublicKey owner)
    {
        if (InnerPacket.NumberOf(packet) is { } number && _ledger.TryGetValue(number, out LedgerEntry? entry))
        {
            entry.Owner = owner;
        }
    }

    /// <summary>Whether the packet with this number has come to its destination.</summary>
    internal bool IsDelivered(ulong number) => _ledger[number].IsDelivered;

    /// <summary>A session begins at one end: what comes to it carries its own index from then on, and what it sends the other's.</summary>
    internal void NoteBirth(SimulatedHost host, SessionIndex own, SessionIndex remote)
    {
        _births[(host, own)] = Now;
        _sendingBirths[(host, remote)] = Now;
    }

    /// <summary>INVARIANT: nothing is accepted on a session that is older than Reject-After-Time.</summary>
    internal void CheckAge(SimulatedHost host, ReadOnlySpan<byte> datagram)
    {
        Check(_births.TryGetValue((host, ReadTransport(datagram).Receiver), out Instant birth), $"{host} accepts data on a session that never began.");
        Check(Now - birth < ProtocolConstants.RejectAfterTime, $"{host} accepts data on a session that is {(Now - birth).TotalSeconds:0.0} s old.");
    }

    /// <summary>
    /// INVARIANT: a packet comes once at most, as it was sent, to who owned its destination for the sender, and from an address that the key that
    /// sealed it owns for the receiver at this moment.
    /// </summary>
    internal void NoteDelivery(SimulatedHost receiver, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> packet, bool isMarked)
    {
        if (InnerPacket.NumberOf(packet) is not { } number)
        {
            return;
        }

        Check(_ledger.TryGetValue(number, out LedgerEntry? entry), $"Packet {number} was delivered and never sent.");
        Check(entry!.Owner is { } owner && receiver.HasHad(owner), $"Packet {number} from {entry.From} came to {receiver}, which is not who it was for.");
        Check(!entry.IsDelivered, $"Packet {number} was delivered twice.");
        int unmarked = isMarked ? 12 : 0; // the ECN field and the checksum may change
        Check(packet[unmarked..].SequenceEqual(entry.Packet.AsSpan(unmarked)), $"Packet {number} was changed on its way.");
        IpAddress source = InnerPacket.SourceOf(packet);
        Check(
            receiver.Owners.OwnerOf(source) == SealerOf(entry.From, datagram),
            $"{receiver} delivers packet {number} of {entry.From} from {source}, which is not its address there.");
        entry.IsDelivered = true;
        DeliveredPackets++;
    }

    /// <summary>INVARIANT: no packet is refused for a source that the key that sealed it owns.</summary>
    internal void CheckRefusal(SimulatedHost receiver, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> opened)
    {
        if (InnerPacket.NumberOf(opened) is not { } number || !_ledger.TryGetValue(number, out LedgerEntry? entry))
        {
            return;
        }

        IpAddress source = InnerPacket.SourceOf(opened);
        Check(
            receiver.Owners.OwnerOf(source) != SealerOf(entry.From, datagram),
            $"{receiver} refuses packet {number} of {entry.From} from {source}, which is its address there.");
    }

    private PublicKey SealerOf(SimulatedHost sender, ReadOnlySpan<byte> datagram)
    {
        TransportView view = ReadTransport(datagram);
        Check(_sealers.TryGetValue((sender, view.Receiver, view.Counter), out PublicKey key), $"{sender} never sealed what came from it.");
        return key;
    }

    private static TransportView ReadTransport(ReadOnlySpan<byte> datagram)
    {
        _ = TransportView.TryRead(datagram.ToArray(), out TransportView view);
        return view;
    }

    private void CheckRecord(WireRecord record)
    {
        Check(record.Type != MessageType.Invalid, "A datagram that is no message was sent.");
        Check(record.Bytes.AsSpan().IndexOf(InnerPacket.Mark) < 0, "Plaintext shows on the wire.");
        Check(!record.Destination.IsNone, "A datagram was sent to nowhere.");
        if (record.Type == MessageType.Transport)
        {
            bool isNew = _sealers.TryAdd((record.Sender, record.Receiver, record.Counter), record.Sender.PublicKey);
            Check(isNew, $"Counter {record.Counter} was used twice.");
            Check(record.Counter < ProtocolConstants.RejectAfterMessages, "A counter past the limit was sent.");
            CheckSendingAge(record);
        }
        else if (record.Type == MessageType.Response && ResponseView.TryRead(record.Bytes, out ResponseView response))
        {
            NoteBirth(record.Sender, response.Sender, response.Receiver);
        }
        else if (record.Type == MessageType.Initiation)
        {
            record.Sender.NoteInitiation();
        }
    }

    /// <summary>INVARIANT: nothing is sent, a keepalive neither, on a session that is as old as Reject-After-Time.</summary>
    private void CheckSendingAge(WireRecord record)
    {
        bool hasBegun = _sendingBirths.TryGetValue((record.Sender, record.Receiver), out Instant birth);
        if (!hasBegun && record.Sender.ResponseAtHand == record.Receiver)
        {
            (hasBegun, birth) = (true, Now); // the initiator's first packet leaves before it has said what it makes of the response
        }

        Check(hasBegun, $"{record.Sender} sends on a session that never began.");
        Check(
            Now - birth < ProtocolConstants.RejectAfterTime,
            $"{record.Sender} sends on a session that is {(Now - birth).TotalSeconds:0.0} s old.");
    }

    private sealed class LedgerEntry(SimulatedHost from, byte[] packet)
    {
        internal SimulatedHost From { get; } = from;

        internal byte[] Packet { get; } = packet;

        /// <summary>The key that owned the destination where the packet was handed in; null if none did.</summary>
        internal PublicKey? Owner { get; set; }

        internal bool IsDelivered { get; set; }
    }
}
