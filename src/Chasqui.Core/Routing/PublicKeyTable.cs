using System.Diagnostics.CodeAnalysis;
using Chasqui.Core.Keys;

namespace Chasqui.Core.Routing;

/// <summary>The device's peers by public key.</summary>
/// <remarks>
/// Keyed by SipHash under a random key of the table's own: an initiation may carry any key a stranger likes. Keys are
/// compared in constant time. Threads: <see cref="TryGet"/> from any thread without a lock. INVARIANT: the caller
/// serialises every other member. Source: the kernel's pubkey_hashtable.
/// </remarks>
internal sealed class PublicKeyTable<T>
    where T : class
{
    private readonly ReadMostlyTable<PublicKey, T, Rule> _table;

    internal PublicKeyTable(IEntropy entropy) => _table = new(new Rule(SipHash.FromEntropy(entropy)));

    /// <summary>Keys in the table.</summary>
    internal int Count => _table.Count;

    /// <summary>Adds a key; <see langword="false"/> if it is there already.</summary>
    internal bool TryAdd(in PublicKey key, T value) => _table.TryAdd(in key, value);

    /// <summary>Finds a key's value. Threads: any, without a lock.</summary>
    internal bool TryGet(in PublicKey key, [NotNullWhen(true)] out T? value) => _table.TryGet(in key, out value);

    /// <summary>Removes a key; <see langword="false"/> if it is not there.</summary>
    internal bool Remove(in PublicKey key) => _table.TryRemove(in key);

    private readonly struct Rule(SipHash hash) : IKeyRule<PublicKey>
    {
        private readonly SipHash _hash = hash;

        public int Hash(in PublicKey key) => (int)_hash.Hash(key.AsSpan());

        public bool AreEqual(in PublicKey left, in PublicKey right) => left.Equals(right);
    }
}
