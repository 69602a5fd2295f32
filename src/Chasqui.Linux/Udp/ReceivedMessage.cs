namespace Chasqui.Linux.Udp;

/// <summary>One message of a <see cref="ReceiveBatch"/>: one datagram, or several of one sender and size that came together.</summary>
/// <remarks>Ownership: borrowed from the batch until its next receive.</remarks>
public struct ReceivedMessage
{
    /// <summary>Who sent it.</summary>
    public UdpAddress Remote;

    /// <summary>The address and interface it came to; none if the kernel did not say.</summary>
    public UdpSource Source;

    /// <summary>Where it begins, in bytes from the start of <see cref="ReceiveBatch.Buffer"/>.</summary>
    public int Offset;

    /// <summary>Its length in bytes, all datagrams together; 0 for an empty datagram, and for one that was cut off.</summary>
    public int Length;

    /// <summary>The length of each datagram but the last, which may be shorter; 0 only if <see cref="Length"/> is 0.</summary>
    public int SegmentSize;

    /// <summary>The TOS byte or traffic class of the outer header: DSCP in the upper six bits, ECN in the lower two.</summary>
    public byte TrafficClass;

    /// <summary>Whether the buffer was too small and the message is lost.</summary>
    public bool IsTruncated;

    /// <summary>How many datagrams it holds.</summary>
    public readonly int DatagramCount => Length == 0 ? 0 : ((Length - 1) / SegmentSize) + 1;

    /// <summary>Finds the next datagram: <c>int end = 0; while (message.Next(ref end, out int offset, out int length)) …</c></summary>
    /// <param name="end">The cursor; 0 before the first.</param>
    /// <param name="offset">Where the datagram begins, in bytes from the start of <see cref="ReceiveBatch.Buffer"/>.</param>
    /// <param name="length">Its length in bytes, 1 or more.</param>
    /// <returns><see langword="false"/> after the last.</returns>
    public readonly bool Next(ref int end, out int offset, out int length)
    {
        offset = Offset + end;
        length = Math.Min(SegmentSize, Length - end);
        end += Math.Max(length, 0);
        return length > 0;
    }

    /// <summary>Makes the sizes agree, whatever the kernel said.</summary>
    internal void Complete(int length)
    {
        Length = length;
        if (SegmentSize <= 0 || SegmentSize > length)
            SegmentSize = length;
    }
}
