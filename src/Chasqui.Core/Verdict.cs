namespace Chasqui.Core;

/// <summary>What became of a packet.</summary>
/// <param name="Kind">Whether it is to be delivered, was handled, or was dropped.</param>
/// <param name="Reason">Why it was dropped.</param>
/// <param name="Offset">Where the inner packet begins in the datagram, if it is to be delivered.</param>
/// <param name="Length">Length of the inner packet in bytes.</param>
public readonly record struct Verdict(VerdictKind Kind, DropReason Reason, int Offset, int Length)
{
    /// <summary>Nothing more to do.</summary>
    public static Verdict Handled => new(VerdictKind.Handled, DropReason.None, 0, 0);

    /// <summary>The packet went no further.</summary>
    public static Verdict Drop(DropReason reason) => new(VerdictKind.Dropped, reason, 0, 0);

    /// <summary>An inner packet for the interface lies in the datagram's own buffer.</summary>
    public static Verdict Deliver(int offset, int length) => new(VerdictKind.Deliver, DropReason.None, offset, length);
}
