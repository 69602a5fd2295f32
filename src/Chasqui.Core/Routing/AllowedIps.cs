using Chasqui.Core.Wire;

namespace Chasqui.Core.Routing;

/// <summary>Whose packet is it: a map from prefixes to owners, asked for the longest prefix that holds an address.</summary>
/// <remarks>
/// A prefix has one owner at a time: giving it to another takes it away from the first, as the kernel does.
/// Each owner's prefixes are listed in the order in which they were given, both families in one list; a prefix that is given again, even to
/// the same owner, moves to the end. The kernel and wireguard-go show them in this order.
/// Threads: look-ups from any thread, without a lock, beside one writer at a time; the callers of the other methods see to that. A look-up
/// answers with an owner that was right at some moment between its start and its end.
/// Source: whitepaper section 2 (cryptokey routing); the kernel's allowedips.c.
/// </remarks>
internal sealed partial class AllowedIps<T>
    where T : class, IAllowedIpOwner
{
    private readonly PrefixTable<T, V4Key> _v4;
    private readonly PrefixTable<T, V6Key> _v6;

    /// <summary>Makes an empty table.</summary>
    /// <param name="entropy">Keys the table's hash; it is asked once.</param>
    public AllowedIps(IEntropy entropy)
    {
        ArgumentNullException.ThrowIfNull(entropy);
        var hashKey = new PrefixHashKey(entropy);
        _v4 = new PrefixTable<T, V4Key>(hashKey);
        _v6 = new PrefixTable<T, V6Key>(hashKey);
    }

    /// <summary>How many prefixes the table holds, of both families.</summary>
    public int Count => _v4.Count + _v6.Count;

    /// <summary>The owner of the longest prefix that holds <paramref name="address"/>, or null; null for no address.</summary>
    public T? Lookup(IpAddress address) => address.Bits switch
    {
        32 => LookupV4((uint)(address.High >> 32)),
        128 => LookupV6(address.High, address.Low),
        _ => null,
    };

    /// <summary>The owner of the longest prefix that holds an IPv4 address, or null.</summary>
    /// <param name="address">The address, its first byte most significant.</param>
    public T? LookupV4(uint address) => _v4.Lookup(new V4Key(address));

    /// <summary>The owner of the longest prefix that holds an IPv6 address, or null.</summary>
    /// <param name="high">The first eight bytes, the first most significant.</param>
    /// <param name="low">The last eight bytes, likewise.</param>
    public T? LookupV6(ulong high, ulong low) => _v6.Lookup(new V6Key(high, low));

    /// <summary>The owner of exactly this prefix, or null.</summary>
    public T? OwnerOf(IpPrefix prefix)
    {
        if (prefix.Address.IsV4)
        {
            int slot = _v4.Find(KeyV4(prefix), prefix.Length);
            return slot < 0 ? null : _v4.Slots[slot].Owner;
        }

        int slotV6 = _v6.Find(KeyV6(prefix), prefix.Length);
        return slotV6 < 0 ? null : _v6.Slots[slotV6].Owner;
    }

    /// <summary>Gives a prefix to an owner, at the end of his list, and takes it away from whoever had it.</summary>
    /// <returns>Whoever had it before, perhaps <paramref name="owner"/> himself; null if the prefix is new.</returns>
    /// <exception cref="ArgumentException">The prefix has no address.</exception>
    public T? Insert(IpPrefix prefix, T owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ThrowIfNone(prefix);
        return prefix.Address.IsV4
            ? Insert(_v4, KeyV4(prefix), prefix.Length, owner)
            : Insert(_v6, KeyV6(prefix), prefix.Length, owner);
    }

    /// <summary>Takes a prefix away from an owner.</summary>
    /// <returns>Whether he had it; if he had not, nothing happens, even if another has it.</returns>
    public bool Remove(IpPrefix prefix, T owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return prefix.Address.IsV4
            ? Remove(_v4, KeyV4(prefix), prefix.Length, owner)
            : Remove(_v6, KeyV6(prefix), prefix.Length, owner);
    }

    /// <summary>Takes all his prefixes away from an owner, in time proportional to their number.</summary>
    public void RemoveAll(T owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ref AllowedIpList list = ref owner.AllowedIpList;
        while (!list.First.IsNone)
        {
            AllowedIpReference first = list.First;
            Unlink(ref list, first);
            if (first.IsV6)
            {
                _v6.Remove(first.Slot);
            }
            else
            {
                _v4.Remove(first.Slot);
            }
        }

        ShrinkIfSparse(_v4);
        ShrinkIfSparse(_v6);
    }

    /// <summary>Appends an owner's prefixes to <paramref name="destination"/>, in the order in which they were given.</summary>
    public void CopyPrefixes(T owner, List<IpPrefix> destination)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(destination);
        AllowedIpList list = owner.AllowedIpList;
        destination.EnsureCapacity(destination.Count + list.Count);
        for (AllowedIpReference at = list.First; !at.IsNone; at = LinkOf(at).Next)
        {
            destination.Add(PrefixOf(at));
        }
    }

    private static V4Key KeyV4(IpPrefix prefix) => new((uint)(prefix.Address.High >> 32));

    private static V6Key KeyV6(IpPrefix prefix) => new(prefix.Address.High, prefix.Address.Low);

    private static void ThrowIfNone(IpPrefix prefix)
    {
        if (prefix.Address.IsNone)
        {
            throw new ArgumentException("The prefix has no address.", nameof(prefix));
        }
    }

    private IpPrefix PrefixOf(AllowedIpReference reference)
    {
        if (reference.IsV6)
        {
            ref PrefixSlot<T, V6Key> v6 = ref _v6.Slots[reference.Slot];
            return new IpPrefix(IpAddress.V6(v6.Key.High, v6.Key.Low), v6.Tag - 1);
        }

        ref PrefixSlot<T, V4Key> v4 = ref _v4.Slots[reference.Slot];
        return new IpPrefix(IpAddress.V4(v4.Key.Value), v4.Tag - 1);
    }
}
