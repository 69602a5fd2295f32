namespace Chasqui.Core.Explain;

/// <summary>What a finding means for the tunnel.</summary>
public enum ExplainSeverity
{
    /// <summary>Worth knowing; traffic passes.</summary>
    Notice,

    /// <summary>Traffic that is meant to pass does not.</summary>
    Problem,
}
