namespace Chasqui.Quick;

/// <summary>What bringing an interface up or down needs to know of its surroundings.</summary>
public sealed record QuickOptions
{
    /// <summary>The daemon: a path, or a name that is searched for.</summary>
    public required string Daemon { get; init; }

    /// <summary>What the daemon is given before the interface's name.</summary>
    public IReadOnlyList<string> DaemonArguments { get; init; } = [];

    /// <summary>The folders that programs are searched in, between colons.</summary>
    public required string SearchPath { get; init; }

    /// <summary>Where the steps and the warnings are told.</summary>
    public required TextWriter Log { get; init; }

    /// <summary>Ends the way up before its next step; what was done is undone.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The value of <c>WG_ENDPOINT_RESOLUTION_RETRIES</c>; null if it is not set.</summary>
    public string? ResolutionRetries { get; init; }

    /// <summary>Where notes about interfaces are, which are of use until the machine starts again.</summary>
    internal string StateFolder { get; init; } = "/run/chasqui";

    /// <summary>Called with each step's words before it is done; what it throws is that step's failure. Null for none.</summary>
    internal Action<string>? BeforeStep { get; init; }
}
