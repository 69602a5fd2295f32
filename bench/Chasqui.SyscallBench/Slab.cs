using System.Runtime.InteropServices;

namespace Chasqui.SyscallBench;

/// <summary>Memory outside the collector's, by the page, zeroed.</summary>
internal sealed unsafe class Slab(nuint length) : IDisposable
{
    internal byte* Pointer { get; } = Allocate(length);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(Pointer);

    private static byte* Allocate(nuint length)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(length, 4096);
        NativeMemory.Clear(memory, length);
        return memory;
    }
}
