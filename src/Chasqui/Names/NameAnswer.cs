using Chasqui.Core.Wire;

namespace Chasqui.Names;

/// <summary>What a resolver says of a name.</summary>
/// <param name="Addresses">The addresses, best first; empty if there is a failure.</param>
/// <param name="TimeToLive">How long they are good.</param>
/// <param name="Failure">Why there are none, in the C library's words; null for success.</param>
internal readonly record struct NameAnswer(IReadOnlyList<IpEndpoint> Addresses, TimeSpan TimeToLive, string? Failure);
