using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Simulation;

/// <summary>One datagram as an observer of the wire sees it.</summary>
internal sealed class WireRecord(Instant at, SimulatedHost sender, IpEndpoint source, IpEndpoint destination, byte[] bytes, byte trafficClass)
{
    internal Instant At { get; } = at;

    internal SimulatedHost Sender { get; } = sender;

    internal IpEndpoint Source { get; } = source;

    internal IpEndpoint Destination { get; } = destination;

    internal byte[] Bytes { get; } = bytes;

    internal byte TrafficClass { get; } = trafficClass;

    internal MessageType Type { get; } = Datagram.Classify(bytes);

    internal WireFate Fate { get; set; }

    internal bool IsKeepalive => Type == MessageType.Transport && Bytes.Length == TransportView.MinimumLength;

    internal bool IsData => Type == MessageType.Transport && Bytes.Length > TransportView.MinimumLength;

    /// <summary>Receiver index of a data message.</summary>
    internal SessionIndex Receiver => TransportView.TryRead(Bytes, out TransportView view) ? view.Receiver : default;

    /// <summary>Counter of a data message.</summary>
    internal ulong Counter => TransportView.TryRead(Bytes, out TransportView view) ? view.Counter : 0;

    public override string ToString() =>
        $"{(At - SimulatedNetwork.Origin).TotalSeconds:0.000} {Sender} {Source}>{Destination} {(IsKeepalive ? "Keepalive" : Type)} {Bytes.Length} B {Fate}";
}
