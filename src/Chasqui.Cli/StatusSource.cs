using Chasqui.Control;
using Chasqui.Core;
using Chasqui.Linux;
using Chasqui.Linux.Processes;

namespace Chasqui.Cli;

/// <summary>Where commands have the state of a running interface from.</summary>
internal static class StatusSource
{
    /// <summary>Names the running interfaces.</summary>
    /// <exception cref="LinuxException">EACCES: it takes root.</exception>
    internal static IReadOnlyList<string> List() => new UapiClient().ListInterfaces();

    /// <summary>Who may read interfaces, for a user who may not.</summary>
    internal static string WhoMay => SystemGroup.FindId(ControlServer.Group) is null
        ? $"run this as root, or give the machine a group {ControlServer.Group} with you in it before the daemon starts"
        : $"run this as root, or join the group {ControlServer.Group} (usermod -aG {ControlServer.Group} USER) and log in anew";

    /// <summary>Reads an interface, with whatever evidence the one who runs it gives.</summary>
    /// <exception cref="LinuxException">There is no such interface, nobody serves it, or it is not ours to read.</exception>
    internal static TunnelStatus Read(string interfaceName) => Read(interfaceName, out _);

    /// <summary>Reads an interface, with whatever evidence the one who runs it gives.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="hasEvidence">Whether a daemon of ours runs it: then drops and events are known, too.</param>
    /// <exception cref="LinuxException">There is no such interface, nobody serves it, or it is not ours to read.</exception>
    internal static TunnelStatus Read(string interfaceName, out bool hasEvidence)
    {
        hasEvidence = new StatusClient().TryRead(interfaceName, out TunnelStatus? status);
        return status ?? UapiStatus.Read(interfaceName);
    }
}
