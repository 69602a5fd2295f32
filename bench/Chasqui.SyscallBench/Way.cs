namespace Chasqui.SyscallBench;

/// <summary>One of the ways that are compared: it hands a number of datagrams or frames to the kernel, or takes them from it.</summary>
internal abstract class Way(string name) : IDisposable
{
    internal string Name => name;

    /// <summary>Handles <paramref name="count"/> datagrams or frames.</summary>
    /// <returns>How many it did handle.</returns>
    internal abstract int Run(int count);

    /// <inheritdoc/>
    public abstract void Dispose();
}
