namespace Chasqui.Core.Tests;

/// <summary>What work takes from the heap.</summary>
internal static class Heap
{
    private const int Attempts = 5;

    /// <summary>The fewest bytes that the calling thread allocates, of a few runs: 0 means that the work does without.</summary>
    /// <remarks>
    /// A collection that another thread asks for ends this thread's piece of the heap early, and what was left of it counts as allocated. Work
    /// that allocates does so each time.
    /// </remarks>
    internal static long LeastAllocatedBy(Action work)
    {
        work(); // compiled, and warm
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
