namespace Chasqui.Core.Routing;

/// <summary>Addresses of one family from one number to another, both among them.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last);
