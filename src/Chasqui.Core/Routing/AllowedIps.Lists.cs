namespace Chasqui.Core.Routing;

/// <content>Changes, written once for both families, and the owners' lists, which run through both tables.</content>
internal sealed partial class AllowedIps<T>
{
    private static AllowedIpReference Reference<TKey>(int slot)
        where TKey : struct, IPrefixKey<TKey> => new(slot, TKey.Bits == V6Key.Bits);

    private T? Insert<TKey>(PrefixTable<T, TKey> table, TKey key, int length, T owner)
        where TKey : struct, IPrefixKey<TKey>
    {
        int slot = table.Find(key, length);
        T? previous = slot < 0 ? null : table.Slots[slot].Owner;
        if (previous is not null)
        {
            Unlink(ref previous.AllowedIpList, Reference<TKey>(slot));
        }

        if (slot >= 0)
        {
            table.Assign(slot, owner);
        }
        else
        {
            if (table.IsFull)
            {
                Rebuild(table);
            }

            slot = table.Add(key, length, owner);
        }

        Append(ref owner.AllowedIpList, Reference<TKey>(slot));
        return previous;
    }

    private bool Remove<TKey>(PrefixTable<T, TKey> table, TKey key, int length, T owner)
        where TKey : struct, IPrefixKey<TKey>
    {
        int slot = table.Find(key, length);
        if (slot < 0 || !ReferenceEquals(table.Slots[slot].Owner, owner))
        {
            return false;
        }

        Unlink(ref owner.AllowedIpList, Reference<TKey>(slot));
        table.Remove(slot);
        ShrinkIfSparse(table);
        return true;
    }

    private void ShrinkIfSparse<TKey>(PrefixTable<T, TKey> table)
        where TKey : struct, IPrefixKey<TKey>
    {
        if (table.IsSparse)
        {
            Rebuild(table);
        }
    }

    /// <summary>Rebuilds a table and makes every neighbour and every list's end name the new slots.</summary>
    private void Rebuild<TKey>(PrefixTable<T, TKey> table)
        where TKey : struct, IPrefixKey<TKey>
    {
        int[] moved = table.Rebuild();
        bool isV6 = TKey.Bits == V6Key.Bits;
        foreach (int slot in moved)
        {
            if (slot < 0)
            {
                continue;
            }

            ref AllowedIpLink link = ref table.Links[slot];
            ref AllowedIpList list = ref table.Slots[slot].Owner!.AllowedIpList;
            var here = new AllowedIpReference(slot, isV6);
            if (IsMoved(link.Previous, isV6))
            {
                link.Previous = new AllowedIpReference(moved[link.Previous.Slot], isV6);
            }
            else
            {
                NextOf(ref list, link.Previous) = here;
            }

            if (IsMoved(link.Next, isV6))
            {
                link.Next = new AllowedIpReference(moved[link.Next.Slot], isV6);
            }
            else
            {
                PreviousOf(ref list, link.Next) = here;
            }
        }
    }

    /// <summary>Whether a neighbour is in the table that was rebuilt, and so mends its own links.</summary>
    private static bool IsMoved(AllowedIpReference neighbour, bool isV6) => !neighbour.IsNone && neighbour.IsV6 == isV6;

    private void Append(ref AllowedIpList list, AllowedIpReference reference)
    {
        LinkOf(reference) = new AllowedIpLink { Previous = list.Last };
        NextOf(ref list, list.Last) = reference;
        list.Last = reference;
        list.Count++;
    }

    private void Unlink(ref AllowedIpList list, AllowedIpReference reference)
    {
        AllowedIpLink link = LinkOf(reference);
        NextOf(ref list, link.Previous) = link.Next;
        PreviousOf(ref list, link.Next) = link.Previous;
        list.Count--;
    }

    /// <summary>Where the successor of <paramref name="reference"/> is noted: in its link, or in the list if it is none.</summary>
    private ref AllowedIpReference NextOf(ref AllowedIpList list, AllowedIpReference reference)
    {
        if (reference.IsNone)
        {
            return ref list.First;
        }

        return ref LinkOf(reference).Next;
    }

    private ref AllowedIpReference PreviousOf(ref AllowedIpList list, AllowedIpReference reference)
    {
        if (reference.IsNone)
        {
            return ref list.Last;
        }

        return ref LinkOf(reference).Previous;
    }

    private ref AllowedIpLink LinkOf(AllowedIpReference reference)
    {
        AllowedIpLink[] links = reference.IsV6 ? _v6.Links : _v4.Links;
        return ref links[reference.Slot];
    }
}
