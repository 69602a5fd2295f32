using Chasqui.Core.Keys;

namespace Chasqui.Core.Config;

/// <summary>A device's configuration and state at one moment.</summary>
/// <remarks>Ownership: holds copies of secrets; <see cref="Dispose"/> zeroes them.</remarks>
public sealed class DeviceSnapshot : IDisposable
{
    /// <summary>The private key, or null.</summary>
    public PrivateKey? PrivateKey { get; init; }

    /// <summary>The UDP port; 0 while none was chosen.</summary>
    public ushort ListenPort { get; init; }

    /// <summary>The mark of outgoing datagrams; 0 for none.</summary>
    public uint FwMark { get; init; }

    /// <summary>The peers, in the order in which they were added.</summary>
    public IReadOnlyList<PeerSnapshot> Peers { get; init; } = [];

    /// <summary>Zeroes the secrets of the device and of all its peers.</summary>
    public void Dispose()
    {
        PrivateKey?.Dispose();
        foreach (PeerSnapshot peer in Peers)
        {
            peer.PresharedKey?.Dispose();
        }
    }
}
