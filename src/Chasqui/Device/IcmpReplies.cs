using Chasqui.Core;
using Chasqui.Linux.Tun;

namespace Chasqui.Device;

/// <summary>Tells the sender of an inner packet that nobody is there to take it, instead of letting it wait.</summary>
/// <remarks>Limited to 10 a second with a burst of 50, so that a scan of an unrouted network does not echo. Source: the kernel's wg_xmit.</remarks>
internal sealed class IcmpReplies(Func<ReadOnlySpan<byte>, int> write)
{
    /// <summary>Answers in a row after a rest.</summary>
    internal const int Burst = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _frame = GC.AllocateArray<byte>(VirtioNetHeader.Length + IcmpUnreachable.MaxLength, pinned: true);
    private Instant _refilled;
    private int _tokens = Burst;

    /// <summary>Answers <paramref name="packet"/> with "host unreachable", unless the rules for ICMP errors forbid it.</summary>
    internal void AnswerUnreachable(Instant now, ReadOnlySpan<byte> packet)
    {
        if (!TryTakeToken(now))
        {
            return;
        }

        int length = IcmpUnreachable.Build(packet, _frame.AsSpan(VirtioNetHeader.Length));
        if (length > 0)
        {
            _ = write(_frame.AsSpan(0, VirtioNetHeader.Length + length));
        }
    }

    private bool TryTakeToken(Instant now)
    {
        long earned = (now - _refilled).Ticks / Interval.Ticks;
        if (earned > 0)
        {
            _tokens = (int)Math.Min(Burst, _tokens + earned);
            _refilled += new TimeSpan(Interval.Ticks * earned); // what is left of the time counts for the next token
        }

        return _tokens > 0 && _tokens-- > 0;
    }
}
