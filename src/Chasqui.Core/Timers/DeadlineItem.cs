namespace Chasqui.Core.Timers;

/// <summary>Something that waits in one <see cref="DeadlineQueue{T}"/> at most.</summary>
internal abstract class DeadlineItem
{
    // INVARIANT: 1 + the item's place in its queue's heap, or 0 while it waits in none. Written by the queue alone.
    internal int HeapPlace;

    /// <summary>Whether the item waits.</summary>
    internal bool IsScheduled => HeapPlace != 0;
}
