using Chasqui.Core;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;
using Chasqui.Linux;
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
    public static ExplainReport Run(string interfaceName, TunnelStatus status, bool hasJournal)
    {
        ArgumentException.ThrowIfNullOrEmpty(interfaceName);
        ArgumentNullException.ThrowIfNull(status);
        return Run(interfaceName, status, hasJournal, PeerNames.Of(interfaceName));
    }

    /// <summary>The same with names that the caller knows.</summary>
    internal static ExplainReport Run(string interfaceName, TunnelStatus status, bool hasJournal, IReadOnlyDictionary<PublicKey, string> names)
    {
        ExplainSubject Subject(HostEvidence? host) => new()
        {
            InterfaceName = interfaceName,
            Status = status,
            HasJournal = hasJournal,
            Host = host,
            Names = names,
        };
        IReadOnlyList<PublicKey> silent = Explainer.FindSilent(Subject(host: null));
        return Explainer.Run(Subject(HostEvidenceReader.Read(interfaceName, status, silent)));
    }
}
