using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>What to change on a device. A null member leaves things as they are.</summary>
/// <remarks>
/// Applied whole or not at all: first the device's own members, then the peers in order. The same peer may occur more than once.
/// Source: wireguard.com/xplatform (the configuration protocol), set operation.
/// </remarks>
public sealed class DeviceChange
{
    /// <summary>A new private key; all zeros removes the key. The receiver takes a copy.</summary>
    public PrivateKey? PrivateKey { get; init; }

    /// <summary>The UDP port to listen on; 0 lets the kernel choose.</summary>
    public ushort? ListenPort { get; init; }

    /// <summary>The mark of outgoing datagrams; 0 for none.</summary>
    public uint? FwMark { get; init; }

    /// <summary>Whether all peers are removed before <see cref="Peers"/> are added.</summary>
    public bool ReplacePeers { get; init; }

    /// <summary>Changes of peers, in order.</summary>
    public IReadOnlyList<PeerChange> Peers { get; init; } = [];
}
