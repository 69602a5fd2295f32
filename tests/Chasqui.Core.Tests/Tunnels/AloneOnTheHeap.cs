namespace Chasqui.Core.Tests.Tunnels;

/// <summary>Tests that weigh the heap run while no other test does.</summary>
[CollectionDefinition(nameof(AloneOnTheHeap), DisableParallelization = true)]
public sealed class AloneOnTheHeap;
