using Chasqui.Core;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Linux;
using Chasqui.Linux.Netlink;
using Chasqui.Quick;

namespace Chasqui.Explain;

/// <summary>Explains a running interface: what its daemon tells, together with what the machine says.</summary>
public static class TunnelExplainer
{
    /// <summary>Explains an interface by what its daemon tells.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="status">What its daemon tells.</param>
    /// <param name="hasJournal">Whether drops and events are among it: not those of another implementation.</param>
    /// <exception cref="LinuxException">The kernel refuses to answer.</exception>
    public static ExplainReport Run(string interfaceName, TunnelStatus status, bool hasJournal) => Run(interfaceName, status, hasJournal, measured: []);

    /// <summary>Explains an interface, and measures which packets fit through the tunnel to some of its peers.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="status">What its daemon tells.</param>
    /// <param name="hasJournal">Whether drops and events are among it: not those of another implementation.</param>
    /// <param name="measured">These peers, of which each takes some seconds, up to half a minute.</param>
    /// <exception cref="LinuxException">The kernel refuses to answer. EPERM: measuring takes CAP_NET_RAW.</exception>
    public static ExplainReport Run(string interfaceName, TunnelStatus status, bool hasJournal, IReadOnlyList<PublicKey> measured)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(measured);
        return Run(interfaceName, status, hasJournal, measured, PeerNames.Of(interfaceName));
    }

    /// <summary>Explains an interface whose daemon does not answer.</summary>
    /// <returns>The report if one was there and has gone without removing its sockets; else null.</returns>
    /// <exception cref="LinuxException">The kernel refuses to answer.</exception>
    public static ExplainReport? RunWithoutDaemon(string interfaceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        if (LeftSockets.Find(interfaceName) is not { } path)
        {
            return null;
        }

        using Rtnetlink netlink = Rtnetlink.Open();
        return Explainer.RunWithoutDaemon(interfaceName, netlink.TryGetLink(interfaceName, out _), path);
    }

    /// <summary>The same with names that the caller knows.</summary>
    internal static ExplainReport Run(
        string interfaceName, TunnelStatus status, bool hasJournal, IReadOnlyList<PublicKey> measured, IReadOnlyDictionary<PublicKey, string> names)
    {
        ExplainSubject Subject(HostEvidence? host) => new()
        {
            InterfaceName = interfaceName,
            Status = status,
            HasJournal = hasJournal,
            Host = host,
            Names = names,
        };
        return Explainer.Run(Subject(HostEvidenceReader.Read(Subject(host: null), measured)));
    }
}
