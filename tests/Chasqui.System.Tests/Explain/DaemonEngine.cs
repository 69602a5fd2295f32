using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Device;
using Chasqui.Explain;
using Chasqui.System.Tests.Harness;

namespace Chasqui.System.Tests.Explain;

/// <summary>A daemon of its own: the published one, or wireguard-go, which tells what every implementation tells.</summary>
internal sealed class DaemonEngine : IFaultEngine
{
    private readonly Daemon _daemon;
    private readonly bool _isOurs;

    private DaemonEngine(FaultHost host, Implementation implementation)
    {
        _isOurs = implementation == Implementation.Chasqui;
        _daemon = Daemon.Start(implementation, host.Network);

        // Sockets of all namespaces are in one folder, so that daemons have names of their own; the interfaces need not.
        host.Network.Ip($"link set {_daemon.Interface} name {FaultHost.Interface} mtu {FaultHost.InnerMtu}");
    }

    public static IFaultEngine OpenOurs(FaultHost host) => new DaemonEngine(host, Implementation.Chasqui);

    public static IFaultEngine OpenWireguardGo(FaultHost host) => new DaemonEngine(host, Implementation.WireguardGo);

    public void Apply(DeviceChange change) => new Control.UapiClient().Set(_daemon.Interface, change);

    public ExplainReport Explain(IReadOnlyDictionary<PublicKey, string> names, IReadOnlyList<PublicKey> measured) =>
        TunnelExplainer.RunWithoutDaemon(_daemon.Interface)
        ?? TunnelExplainer.Run(FaultHost.Interface, _isOurs ? new StatusClient().Read(_daemon.Interface) : ReadUapi(), _isOurs, measured, names);

    /// <summary>As <c>kill -9</c>.</summary>
    public void Kill() => _daemon.Kill();

    public void Dispose() => _daemon.Dispose();

    /// <summary>As <see cref="UapiStatus.Read"/>, of an interface whose name is not that of its socket.</summary>
    private TunnelStatus ReadUapi()
    {
        using DeviceSnapshot snapshot = new Control.UapiClient().Get(_daemon.Interface);
        return UapiStatus.Of(snapshot, Clock.Read(), isUp: true, FaultHost.InnerMtu);
    }
}
