using Chasqui.Core.Diagnostics;
using Chasqui.Core.Keys;

namespace Chasqui.Core;

/// <summary>A tunnel at one moment, with the evidence of what has gone wrong lately. Holds no private or preshared key.</summary>
public sealed class TunnelStatus
{
    /// <summary>When this was, on the clock of <see cref="TunnelEvent.At"/>.</summary>
    public Instant At { get; init; }

    /// <summary>The same moment in wall time: nanoseconds since 1970.</summary>
    public long UnixNanoseconds { get; init; }

    /// <summary>The tunnel's own public key; null if it has no private key.</summary>
    public PublicKey? PublicKey { get; init; }

    /// <summary>Whether the interface is up.</summary>
    public bool IsUp { get; init; }

    /// <summary>MTU of the inner interface in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>The UDP port; 0 while none was chosen.</summary>
    public ushort ListenPort { get; init; }

    /// <summary>The mark of outgoing datagrams; 0 for none.</summary>
    public uint FwMark { get; init; }

    /// <summary>Whether senders of handshakes are asked for a cookie.</summary>
    public bool IsUnderLoad { get; init; }

    /// <summary>Whether the keys of handshakes are given to an owner who asked for them: what he captures he can read.</summary>
    public bool IsRecordingKeys { get; init; }

    /// <summary>Whether it is heard what the network says of datagrams that did not arrive: it takes CAP_NET_RAW when the device is opened.</summary>
    public bool HearsNetworkErrors { get; init; }

    /// <summary>Packets dropped, by reason; those with 0 are left out.</summary>
    public IReadOnlyDictionary<DropReason, long> Drops { get; init; } = new Dictionary<DropReason, long>();

    /// <summary>
    /// How many events of each kind there have been, told or not; those with 0 are left out, and drops, which have <see cref="Drops"/>.
    /// </summary>
    public IReadOnlyDictionary<TunnelEventKind, long> EventCounts { get; init; } = new Dictionary<TunnelEventKind, long>();

    /// <summary>The last few events of each kind and reason, oldest first.</summary>
    public IReadOnlyList<TunnelEvent> Recent { get; init; } = [];

    /// <summary>The peers, in the order in which they were added.</summary>
    public IReadOnlyList<PeerStatus> Peers { get; init; } = [];
}
