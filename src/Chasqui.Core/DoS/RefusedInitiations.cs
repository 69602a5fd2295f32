using System.Buffers.Binary;

namespace Chasqui.Core.DoS;

/// <summary>Initiations that were refused for their timestamps: who sends one again gets neither a computation nor a cookie.</summary>
/// <remarks>
/// Shape: the mac1 of each, at a place that its first bytes choose; a newer one takes an older one's place. 16 KiB once the first is refused.
/// A refusal is for good, since a peer's timestamps only grow; when a peer goes, and its timestamps with it, everything is forgotten.
/// Threads: one adds and forgets, any asks. Who asks while a place is written may see half of two macs, which together are nobody's.
/// Source: whitepaper §5.1 (replay), §5.4.4 (mac1 covers the whole message before it).
/// </remarks>
internal sealed class RefusedInitiations
{
    /// <summary>How many are remembered at most.</summary>
    internal const int Places = 1024;

    private const int WordsOfAMac = 2;

    private ulong[]? _macs;

    /// <summary>Remembers a whole initiation that authenticates and was refused as old.</summary>
    internal void Add(ReadOnlySpan<byte> message)
    {
        (ulong first, ulong second) = Read(message);
        ulong[] macs = Volatile.Read(ref _macs) ?? new ulong[Places * WordsOfAMac];
        int place = PlaceOf(first);
        Volatile.Write(ref macs[place], first);
        Volatile.Write(ref macs[place + 1], second);
        Volatile.Write(ref _macs, macs);
    }

    /// <summary>Whether a message, whose mac1 is right, is one of them.</summary>
    internal bool Contains(ReadOnlySpan<byte> message)
    {
        if (Volatile.Read(ref _macs) is not { } macs)
        {
            return false;
        }

        (ulong first, ulong second) = Read(message);
        int place = PlaceOf(first);
        return Volatile.Read(ref macs[place]) == first && Volatile.Read(ref macs[place + 1]) == second;
    }

    /// <summary>Forgets all.</summary>
    internal void Clear() => Volatile.Write(ref _macs, null);

    private static (ulong First, ulong Second) Read(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> mac = Mac1Check.Of(message);
        return (BinaryPrimitives.ReadUInt64LittleEndian(mac), BinaryPrimitives.ReadUInt64LittleEndian(mac[sizeof(ulong)..]));
    }

    private static int PlaceOf(ulong first) => (int)(first % Places) * WordsOfAMac;
}
