namespace Chasqui.Tests;

/// <summary>Tests that count what the whole process has (descriptors, memory, limits): nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
