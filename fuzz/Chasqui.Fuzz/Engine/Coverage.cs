using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Chasqui.Fuzz.Engine;

/// <summary>Which branches the instrumented assemblies have taken, and how often, in AFL's manner.</summary>
/// <remarks>Shape: a counter a pair of branches, in 64 KiB. Assemblies that are not instrumented never write to it.</remarks>
internal sealed unsafe class Coverage
{
    private const int MapLength = 1 << 16;

    private static readonly byte[] Map = GC.AllocateArray<byte>(MapLength, pinned: true);
    private readonly byte[] _seen = new byte[MapLength];

    /// <summary>Pairs of branches seen so far; 0 if nothing is instrumented.</summary>
    internal int Edges { get; private set; }

    /// <summary>Gives the instrumented code its map. Before this nothing of an instrumented assembly may run.</summary>
    internal static void Attach()
    {
        // SAFETY: the array is pinned from birth and never collected; instrumented code writes to 16-bit indices only.
        Trace.SharedMem = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(Map, 0);
    }

    /// <summary>Forgets the last input's branches.</summary>
    internal static void Reset()
    {
        Array.Clear(Map);
        Trace.PrevLocation = 0;
    }

    /// <summary>Adds the last input's branches to those seen.</summary>
    /// <returns>Whether it took a new one, or one in a new order of magnitude.</returns>
    internal bool Add()
    {
        bool isNew = false;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(Map);
        for (int next = words.IndexOfAnyExcept(0UL), at = next; next >= 0; next = words[at..].IndexOfAnyExcept(0UL), at += next)
        {
            for (int i = at * sizeof(ulong); i < (at + 1) * sizeof(ulong); i++)
            {
                isNew |= Map[i] != 0 && AddOne(i);
            }

            at++;
        }

        return isNew;
    }

    private bool AddOne(int index)
    {
        byte bucket = Bucket(Map[index]);
        if ((_seen[index] & bucket) != 0)
        {
            return false;
        }

        Edges += _seen[index] == 0 ? 1 : 0;
        _seen[index] |= bucket;
        return true;
    }

    private static byte Bucket(byte count) => count switch
    {
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
