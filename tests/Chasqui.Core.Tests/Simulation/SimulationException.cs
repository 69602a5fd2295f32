namespace Chasqui.Core.Tests.Simulation;

/// <summary>A scenario failed; the message says with which seed and when, so that it can be run again.</summary>
public sealed class SimulationException(string message, Exception cause) : Exception(message, cause);
