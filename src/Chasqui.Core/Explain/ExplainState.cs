namespace Chasqui.Core.Explain;

/// <summary>How a peer, or all of an interface, is.</summary>
public enum ExplainState
{
    /// <summary>It works, or it worked when it was last used, and nothing says otherwise.</summary>
    Healthy,

    /// <summary>It does not work.</summary>
    Problem,

    /// <summary>Nothing has been tried, so that there is nothing to tell.</summary>
    CannotTell,
}
