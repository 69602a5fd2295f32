using Chasqui.Core.Config;
using Chasqui.Core.Explain;
using Chasqui.Core.Keys;

namespace Chasqui.System.Tests.Explain;

/// <summary>Who runs the interface <see cref="FaultHost.Interface"/> of a machine.</summary>
internal interface IFaultEngine : IDisposable
{
    /// <summary>Changes it.</summary>
    void Apply(DeviceChange change);

    /// <summary>What <c>explain</c> says; called inside of the machine's namespace.</summary>
    /// <param name="names">Names of peers.</param>
    /// <param name="measured">The peers whose paths are measured.</param>
    ExplainReport Explain(IReadOnlyDictionary<PublicKey, string> names, IReadOnlyList<PublicKey> measured);
}
