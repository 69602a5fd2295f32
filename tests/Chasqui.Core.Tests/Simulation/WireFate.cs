namespace Chasqui.Core.Tests.Simulation;

/// <summary>What became of a datagram on the wire.</summary>
internal enum WireFate
{
    InFlight,
    Arrived,
    Lost,
    Intercepted,
    NobodyThere,
}
