namespace Chasqui.Core;

/// <summary>One packet of a batch: where its text lies in the caller's buffer, and the counter that is its nonce.</summary>
/// <remarks>Ownership: the caller keeps an array of these for ever and fills it anew for each batch.</remarks>
public struct PacketSlot
{
    /// <summary>Where the text begins, in bytes from the start of the buffer.</summary>
    public int Offset;

    /// <summary>Length of the text in bytes, without the 16-byte tag that follows it.</summary>
    public int Length;

    /// <summary>The message counter.</summary>
    public ulong Counter;

    /// <summary>Opening: whether the tag was right. Then the text is plain; otherwise it is as it came.</summary>
    public bool IsAuthentic;
}
