using Chasqui.Core.Explain;

namespace Chasqui.System.Tests.Explain;

/// <summary>A fault, how it is made, and what must be said of it on each end; null for nothing: healthy, or nothing to tell.</summary>
/// <param name="Name">In words, for the table.</param>
/// <param name="Left">What the left end must say.</param>
/// <param name="Right">What the right end must say.</param>
/// <param name="Make">Makes the scene and the fault.</param>
internal sealed record Fault(string Name, ExplainCode? Left, ExplainCode? Right, Action<FaultScene> Make)
{
    /// <summary>How long both ends try before they are asked.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>Tries from both ends instead of the usual echo requests.</summary>
    public Action<FaultScene>? Provoke { get; init; }
}
