using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>What became of an endpoint's names.</summary>
public readonly record struct EndpointResolution
{
    private EndpointResolution(IpEndpoint endpoint, string? failure)
    {
        Endpoint = endpoint;
        Failure = failure;
    }

    /// <summary>The address; none if there is a failure.</summary>
    public IpEndpoint Endpoint { get; }

    /// <summary>Why there is no address, in the words of gai_strerror(3) if stock output matters; null for success.</summary>
    public string? Failure { get; }

    /// <summary>The names stand for this address.</summary>
    public static EndpointResolution Found(IpEndpoint endpoint) => new(endpoint, null);

    /// <summary>The names stand for nothing.</summary>
    public static EndpointResolution NotFound(string failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new(default, failure);
    }
}
