namespace Chasqui.Core.Config;

/// <summary>Asks the system for a service's UDP port (getservbyname(3)); null if it has none.</summary>
public delegate ushort? ServiceResolver(string name);
