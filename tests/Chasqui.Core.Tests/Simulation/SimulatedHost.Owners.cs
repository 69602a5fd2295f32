using Chasqui.Core.Keys;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <content>Cryptokey routing as a list sees it, and whether the tunnel does the same.</content>
internal sealed partial class SimulatedHost
{
    private readonly HashSet<PublicKey> _keys = [];
    private readonly Dictionary<PublicKey, List<byte[]>> _handedIn = [];

    /// <summary>Who owns which address here.</summary>
    internal OwnerList Owners { get; } = new();

    /// <summary>Packets that came sealed by a peer and from an address that is not its own.</summary>
    internal int RefusedSources { get; private set; }

    /// <summary>Whether this is, or once was, the host's key.</summary>
    internal bool HasHad(PublicKey key) => _keys.Contains(key);

    /// <summary>INVARIANT: a peer is sent what was for its addresses when it was handed in, in that order, each packet once.</summary>
    internal void CheckAddressee(Peer? peer, byte[] datagram)
    {
        if (Datagram.Classify(datagram) != MessageType.Transport || datagram.Length == TransportView.MinimumLength)
        {
            return;
        }

        _network.Check(peer is not null, $"{this} sends data to nobody's key.");
        List<byte[]> waiting = HandedInFor(peer!.PublicKey);
        int place = waiting.FindIndex(packet => Tunnel.PaddedLength(packet.Length) + Tunnel.DataOverhead == datagram.Length);
        _network.Check(place >= 0, $"{this} sends {peer} a packet of {datagram.Length} bytes that was for none of its addresses.");
        waiting.RemoveRange(0, place + 1); // those before it were dropped while they waited
    }

    /// <summary>Notes whom a packet is for.</summary>
    /// <returns>What waits for that peer, this packet among it; null if nobody owns the destination.</returns>
    private List<byte[]>? NoteHandedIn(byte[] packet)
    {
        if (Owners.OwnerOf(InnerPacket.DestinationOf(packet)) is not { } owner)
        {
            return null;
        }

        _network.NoteOwner(packet, owner);
        List<byte[]> waiting = HandedInFor(owner);
        waiting.Add(packet);
        return waiting;
    }

    /// <summary>INVARIANT: a packet has no peer if and only if nobody owns its destination.</summary>
    private void CheckRouting(byte[] packet, List<byte[]>? waiting, Verdict verdict)
    {
        if (verdict.Kind == VerdictKind.Dropped)
        {
            waiting?.RemoveAt(waiting.Count - 1);
        }

        IpAddress destination = InnerPacket.DestinationOf(packet);
        bool isDecided = Tunnel.IsUp && !destination.IsNone;
        _network.Check(
            !isDecided || waiting is null == (verdict.Reason == DropReason.NoPeerForDestination),
            $"{this} has {(waiting is null ? "no" : "an")} owner of {destination}, and the packet's verdict is {verdict}.");
    }

    /// <summary>INVARIANT: what was opened and not delivered came from an address that is not its peer's, and was counted.</summary>
    private void CheckRefusal(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> opened)
    {
        _network.Check(LastVerdict != Verdict.Handled || opened.IsEmpty, $"{this} has neither delivered nor counted a packet.");
        if (LastVerdict.Reason == DropReason.SourceNotAllowed)
        {
            RefusedSources++;
            _network.CheckRefusal(this, datagram, opened);
        }

        _network.Check(
            Tunnel.Drops[DropReason.SourceNotAllowed] == RefusedSources,
            $"{this} has refused {RefusedSources} packets for their source and counted {Tunnel.Drops[DropReason.SourceNotAllowed]}.");
    }

    private List<byte[]> HandedInFor(PublicKey owner)
    {
        if (!_handedIn.TryGetValue(owner, out List<byte[]>? waiting))
        {
            _handedIn.Add(owner, waiting = []);
        }

        return waiting;
    }
}
