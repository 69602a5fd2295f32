using System.Runtime.CompilerServices;

namespace Chasqui.Core.Sessions;

/// <summary>Which counters of one keypair have been seen: a ring of 8192 bits behind the highest one.</summary>
/// <remarks>
/// The ring moves by whole words, which are cleared as the highest counter passes into them, so that no bit is ever
/// shifted; the price is one word: 8128 counters may lag behind. Memory is 1 KiB, allocated with the object and never
/// again. Threads: one at a time. Source: RFC 6479; whitepaper §5.4.6; the kernel's counter_validate.
/// </remarks>
internal sealed class ReplayWindow
{
    private const int BitsPerWord = 64;
    private const int Words = ProtocolConstants.ReplayWindowBits / BitsPerWord;

    // INVARIANT: one more than the highest accepted counter; 0 before the first. At most RejectAfterMessages, so that
    // _next + ReplayWindowUsableBits does not overflow.
    private ulong _next;
    private Ring _ring;

    /// <summary>One more than the highest counter accepted; 0 before the first.</summary>
    /// <remarks>At <see cref="ProtocolConstants.RejectAfterMessages"/> or above the keypair has received all it may.</remarks>
    internal ulong Next => _next;

    /// <summary>Accepts a counter that is neither seen before, nor too old to tell, nor past the limit, and remembers it.</summary>
    /// <remarks>To be called only for authentic messages: a forged counter would move the window.</remarks>
    /// <returns><see langword="false"/> if not; the reason is always <see cref="DropReason.ReplayedCounter"/>.</returns>
    internal bool TryAccept(ulong counter)
    {
        if (counter >= ProtocolConstants.RejectAfterMessages)
        {
            return false;
        }

        ulong position = counter + 1;
        if (position + ProtocolConstants.ReplayWindowUsableBits < _next)
        {
            return false;
        }

        ulong word = position / BitsPerWord;
        if (position > _next)
        {
            ClearWords(_next / BitsPerWord, word);
            _next = position;
        }

        ref ulong bits = ref _ring[(int)(word % Words)];
        ulong bit = 1UL << (int)(position % BitsPerWord);
        bool isNew = (bits & bit) == 0;
        bits |= bit;
        return isNew;
    }

    /// <summary>Clears the words after <paramref name="current"/> up to <paramref name="target"/>: the whole ring at most.</summary>
    private void ClearWords(ulong current, ulong target)
    {
        int count = (int)Math.Min(target - current, Words);
        for (int i = 1; i <= count; i++)
        {
            _ring[(int)((current + (ulong)i) % Words)] = 0;
        }
    }

    [InlineArray(Words)]
    private struct Ring
    {
        private ulong _first;
    }
}
