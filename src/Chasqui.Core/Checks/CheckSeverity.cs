namespace Chasqui.Core.Checks;

/// <summary>How bad a finding is.</summary>
public enum CheckSeverity
{
    /// <summary>It works, but hardly as it is meant.</summary>
    Warning,

    /// <summary>It does not work, or not for one of those who are meant.</summary>
    Error,
}
