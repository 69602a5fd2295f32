using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Explain;
using Chasqui.Linux.Tun;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chasqui.System.Tests.Explain;

/// <summary>Our device, in this process.</summary>
internal sealed class DeviceEngine : IFaultEngine
{
    private readonly WireGuardDevice _device;

    private DeviceEngine(FaultHost host) => _device = host.Network.Inside(() =>
        new WireGuardDevice(TunDevice.Create(FaultHost.Interface, FaultHost.InnerMtu, 1), NullLogger.Instance, null));

    public static IFaultEngine Open(FaultHost host) => new DeviceEngine(host);

    public void Apply(DeviceChange change) => _device.Apply(change);

    public ExplainReport Explain(IReadOnlyDictionary<PublicKey, string> names, IReadOnlyList<PublicKey> measured) =>
        TunnelExplainer.Run(FaultHost.Interface, _device.Status(), hasJournal: true, measured, names);

    public void Dispose() => _device.Dispose();
}
