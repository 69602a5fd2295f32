namespace Chasqui.Device;

/// <summary>Something that <see cref="PipelineWorkers"/> can help with.</summary>
internal abstract class PipelineStage
{
    /// <summary>Whether it waits for a worker already. Guarded by the workers' gate.</summary>
    internal bool IsOffered { get; set; }

    /// <summary>Whether there is something that nobody has taken up. Any thread.</summary>
    internal abstract bool HasWork { get; }

    /// <summary>Takes one batch up, transforms it, and finishes what is in turn. Any thread.</summary>
    /// <returns><see langword="false"/> if there was nothing to take up.</returns>
    internal abstract bool TryWork();
}
