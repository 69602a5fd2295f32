using Chasqui.Core.Config;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Quick;

namespace Chasqui.Metrics;

/// <summary>What a running device says of itself, with the names that its file gives its peers.</summary>
/// <remarks>Threads: one. The file is read again when it has changed.</remarks>
internal sealed class DeviceMetrics(WireGuardDevice device)
{
    private IReadOnlyDictionary<PublicKey, string> _names = new Dictionary<PublicKey, string>();
    private DateTime _namesOf;

    /// <summary>State and counters at this moment.</summary>
    /// <exception cref="ObjectDisposedException">The device has ended.</exception>
    internal InterfaceMetrics Collect()
    {
        DateTime written = File.GetLastWriteTimeUtc(QuickConfName.PathOf(device.Name));
        if (written != _namesOf)
        {
            _namesOf = written;
            _names = PeerNames.Of(device.Name);
        }

        return new InterfaceMetrics { Name = device.Name, Status = device.Status(), Figures = device.Figures(), PeerNames = _names };
    }
}
