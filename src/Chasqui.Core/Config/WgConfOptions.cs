namespace Chasqui.Core.Config;

/// <summary>How a configuration for <c>wg</c> is read.</summary>
public sealed record WgConfOptions
{
    /// <summary>The file's name for messages, or null.</summary>
    public string? File { get; init; }

    /// <summary>Finds the ports of service names; null knows none.</summary>
    public ServiceResolver? Services { get; init; }

    /// <summary>Finds the addresses of host names, where they are read, as stock does; null leaves names for later.</summary>
    public EndpointResolver? Endpoints { get; init; }

    /// <summary>Told each warning when it arises, before any later mistake; null if nobody listens.</summary>
    public Action<ConfigWarning>? Warn { get; init; }

    /// <summary>The text of <c>WG_ENDPOINT_RESOLUTION_RETRIES</c>: stock reads it with each endpoint. Null if it is not set.</summary>
    public string? ResolutionRetries { get; init; }

    /// <summary>Told each mistake, after which reading goes on with the next line; null ends at the first, as stock does.</summary>
    internal Action<ConfigException>? Mistakes { get; init; }
}
