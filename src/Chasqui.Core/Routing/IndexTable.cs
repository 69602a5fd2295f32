using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Routing;

/// <summary>Our session indices: from the receiver field of a message to the handshake or keypair that it names.</summary>
/// <remarks>
/// The index is its own hash: we pick it, at random, and a stranger who sends other ones only searches a chain; he
/// cannot put anything in. So no key is needed, unlike in <see cref="PublicKeyTable{T}"/>.
/// Threads: <see cref="TryGet"/> from any thread without a lock. INVARIANT: the caller serialises every other member.
/// Source: the kernel's index_hashtable.
/// </remarks>
internal sealed class IndexTable<T>
    where T : class
{
    private readonly ReadMostlyTable<SessionIndex, T, Rule> _table = new(default);

    /// <summary>Indices in use.</summary>
    internal int Count => _table.Count;

    /// <summary>Length of the bucket array, for tests of the memory bound.</summary>
    internal int BucketCount => _table.BucketCount;

    /// <summary>Puts a value under a random index that is not in use.</summary>
    internal SessionIndex Insert(IEntropy entropy, T value)
    {
        // With 2^20 peers and three indices each, one try in 1400 finds its index in use.
        SessionIndex index;
        do
        {
            index = RandomIndex(entropy);
        }
        while (!_table.TryAdd(in index, value));

        return index;
    }

    /// <summary>Finds what an index names. Threads: any, without a lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(SessionIndex index, [NotNullWhen(true)] out T? value) => _table.TryGet(in index, out value);

    /// <summary>Lets an index name another value: a handshake's index becomes its keypair's.</summary>
    /// <returns><see langword="false"/> if the index is not in use; then nothing changes.</returns>
    internal bool Replace(SessionIndex index, T newValue) => _table.TryReplace(in index, newValue);

    /// <summary>Frees an index; <see langword="false"/> if it was not in use.</summary>
    internal bool Remove(SessionIndex index) => _table.TryRemove(in index);

    private static SessionIndex RandomIndex(IEntropy entropy)
    {
        uint value = 0;
        entropy.Fill(MemoryMarshal.AsBytes(new Span<uint>(ref value)));
        return new SessionIndex(value);
    }

    private readonly struct Rule : IKeyRule<SessionIndex>
    {
        public int Hash(in SessionIndex key) => (int)key.Value;

        public bool AreEqual(in SessionIndex left, in SessionIndex right) => left.Value == right.Value;
    }
}
