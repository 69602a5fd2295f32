namespace Chasqui.Core.Timers;

/// <summary>Something that waits in one <see cref="DeadlineQueue{T}"/> at most.</summary>
internal interface IDeadlineItem
{
    // INVARIANT: 1 + the item's place in its queue's heap, or 0 while it waits in none. Written by the queue alone.

    /// <summary>The item's place; kept by the item, so that it is moved or removed without a search.</summary>
    int HeapPlace { get; set; }

    /// <summary>Whether the item waits.</summary>
    sealed bool IsScheduled => HeapPlace != 0;
}
