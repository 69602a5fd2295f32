namespace Chasqui.Core.Sessions;

/// <summary>A peer's keypairs: the one in use, the one before it for packets on their way, and one that waits for confirmation.</summary>
/// <remarks>
/// Guarded by the peer's gate. A pair that leaves its slot is handed back so that the caller takes it out of the index table.
/// Source: whitepaper section 6.3 and the kernel's three slots.
/// </remarks>
internal struct KeypairSlots
{
    /// <summary>The pair that sends.</summary>
    internal Keypair? Current { get; private set; }

    /// <summary>The pair before it; receives only.</summary>
    internal Keypair? Previous { get; private set; }

    /// <summary>A responder's new pair; becomes current with the first packet that proves that the initiator has it.</summary>
    internal Keypair? Next { get; private set; }

    /// <summary>Puts a new pair in its slot.</summary>
    /// <returns>Up to two pairs that have lost theirs.</returns>
    internal (Keypair? First, Keypair? Second) Add(Keypair keypair)
    {
        Keypair? oldPrevious = Previous;
        if (!keypair.IsInitiator)
        {
            // §6.3: a responder may not send before it has heard from the initiator on the new keys.
            Keypair? oldNext = Next;
            Next = keypair;
            Previous = null;
            return (oldPrevious, oldNext);
        }

        // The response confirmed the pair: use it at once. A pair that was never confirmed stays one round for packets under way.
        Keypair? oldCurrent = Current;
        bool hadNext = Next is not null;
        Previous = hadNext ? Next : oldCurrent;
        Next = null;
        Current = keypair;
        return (oldPrevious, hadNext ? oldCurrent : null);
    }

    /// <summary>Makes <paramref name="keypair"/> current if it is the one that waits for confirmation.</summary>
    /// <param name="keypair">The pair that an authentic packet has come on.</param>
    /// <param name="retired">The pair that has lost its slot.</param>
    /// <returns>Whether it was.</returns>
    internal bool TryConfirm(Keypair keypair, out Keypair? retired)
    {
        retired = null;
        if (Next != keypair)
        {
            return false;
        }

        retired = Previous;
        Previous = Current;
        Current = keypair;
        Next = null;
        return true;
    }

    /// <summary>Stops sending on all pairs, because our own key has changed. Packets on their way are still received.</summary>
    internal readonly void ExpireSending()
    {
        Current?.IsSendingValid = false;
        Next?.IsSendingValid = false;
    }

    /// <summary>Empties the slots.</summary>
    /// <returns>The pairs that were in them.</returns>
    internal (Keypair? Previous, Keypair? Current, Keypair? Next) Clear()
    {
        var all = (Previous, Current, Next);
        Previous = Current = Next = null;
        return all;
    }
}
