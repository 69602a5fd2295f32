namespace Chasqui.Core;

/// <summary>The core's only source of randomness: the system's generator, or a seeded one in a simulation.</summary>
/// <remarks>Threads: implementations are called from several threads at once.</remarks>
public interface IEntropy
{
    /// <summary>Overwrites <paramref name="destination"/> with unpredictable bytes.</summary>
    void Fill(Span<byte> destination);
}
