using System.Runtime.InteropServices;

namespace Chasqui.Core.Routing;

/// <summary>The secret multipliers of the table's hash.</summary>
/// <remarks>
/// Whoever may choose prefixes (a tenant with a /48 of his own) could pile them up in one place of a table with a known hash, and slow
/// down everybody's look-ups. Multiplication by secret odd numbers makes collisions a matter of luck, at a quarter of SipHash's time;
/// unlike SipHash it must not be used where the answer's time tells a stranger about keys that he chooses one by one.
/// </remarks>
internal readonly struct PrefixHashKey
{
    internal readonly ulong High;
    internal readonly ulong Low;
    internal readonly ulong Length;
    internal readonly ulong Final;

    internal PrefixHashKey(IEntropy entropy)
    {
        Span<ulong> random = stackalloc ulong[4];
        entropy.Fill(MemoryMarshal.AsBytes(random));
        High = random[0] | 1;
        Low = random[1] | 1;
        Length = random[2] | 1;
        Final = random[3] | 1;
    }

    internal ulong Finish(ulong sum)
    {
        ulong mixed = (sum ^ (sum >> 32)) * Final;
        return mixed ^ (mixed >> 32);
    }
}
