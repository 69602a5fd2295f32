namespace Chasqui.Core.Config;

/// <summary>Asks the system for an endpoint's address: as long as the caller likes, with its own words for each new try.</summary>
/// <remarks>Called for names only; numbers need nobody.</remarks>
public delegate EndpointResolution EndpointResolver(ConfEndpoint endpoint);
