using System.Runtime.InteropServices;

namespace Chasqui.Linux.Processes;

/// <summary>Strings as C has them: an array of pointers that ends with a null one. Owns the memory until disposed.</summary>
internal sealed class NativeStrings : IDisposable
{
    private readonly nint[] _pointers;

    internal NativeStrings(IReadOnlyList<string> strings)
    {
        _pointers = GC.AllocateArray<nint>(strings.Count + 1, pinned: true);
        for (int i = 0; i < strings.Count; i++)
            _pointers[i] = Marshal.StringToCoTaskMemUTF8(strings[i]);
    }

    // SAFETY: the array is pinned from birth; it lives while this object does, and Dispose ends its use.
    internal unsafe nint* Pointer => (nint*)Marshal.UnsafeAddrOfPinnedArrayElement(_pointers, 0);

    public void Dispose()
    {
        foreach (nint pointer in _pointers)
            Marshal.FreeCoTaskMem(pointer);
        Array.Clear(_pointers);
    }
}
