namespace Chasqui.Quick.Reload;

/// <summary>How the time to confirm a reload ended.</summary>
public enum ConfirmOutcome
{
    /// <summary>Nobody said anything in time, or whoever waits was told to end: it is rolled back.</summary>
    Expired,

    /// <summary>What was done stays.</summary>
    Confirmed,

    /// <summary>Somebody wants it rolled back now.</summary>
    Refused,

    /// <summary>The interface is taken down: there is nothing to keep or to roll back.</summary>
    Overtaken,
}
