using System.Buffers.Binary;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Routing;

public sealed class IndexTableTests
{
    [Fact]
    public void FindsWhatWasInserted()
    {
        var table = new IndexTable<object>();
        object value = new();

        SessionIndex index = table.Insert(new SeededEntropy(1), value);

        Assert.True(table.TryGet(index, out object? found));
        Assert.Same(value, found);
        Assert.False(table.TryGet(new SessionIndex(index.Value + 1), out _));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void PicksAnotherIndexWhenOneIsInUse()
    {
        var table = new IndexTable<object>();
        var entropy = new ScriptedEntropy(7, 7, 7, 8);

        Assert.Equal(new SessionIndex(7), table.Insert(entropy, new object()));
        Assert.Equal(new SessionIndex(8), table.Insert(entropy, new object()));
    }

    [Fact]
    public void ReplaceKeepsTheIndex()
    {
        var table = new IndexTable<string>();
        SessionIndex index = table.Insert(new SeededEntropy(1), "handshake");

        Assert.True(table.Replace(index, "keypair"));

        Assert.True(table.TryGet(index, out string? found));
        Assert.Equal("keypair", found);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void AFreedIndexIsNeitherFoundNorReplaced()
    {
        var table = new IndexTable<string>();
        SessionIndex index = table.Insert(new SeededEntropy(1), "handshake");

        Assert.True(table.Remove(index));

        Assert.False(table.Remove(index));
        Assert.False(table.Replace(index, "keypair"));
        Assert.False(table.TryGet(index, out _));
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void KeepsIndicesApartThatShareABucket()
    {
        var table = new IndexTable<string>();
        var entropy = new ScriptedEntropy(0x1_0000, 0x2_0000, 0x3_0000);
        SessionIndex a = table.Insert(entropy, "a"), b = table.Insert(entropy, "b"), c = table.Insert(entropy, "c");

        Assert.True(table.Remove(b));

        Assert.True(table.TryGet(a, out string? first) && first == "a");
        Assert.True(table.TryGet(c, out string? third) && third == "c");
        Assert.False(table.TryGet(b, out _));
    }

    [Fact]
    public void AgreesWithADictionary()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var entropy = new SeededEntropy(seed);
            var table = new IndexTable<object>();
            var model = new Dictionary<SessionIndex, object>();
            var indices = new List<SessionIndex>();
            for (int i = 0; i < 20_000; i++)
            {
                bool grows = i / 5000 % 2 == 0;
                if (indices.Count == 0 || random.Next(4) < (grows ? 3 : 1))
                {
                    object value = new();
                    SessionIndex index = table.Insert(entropy, value);
                    model.Add(index, value);
                    indices.Add(index);
                }
                else
                {
                    int at = random.Next(indices.Count);
                    Assert.True(table.Remove(indices[at]) && model.Remove(indices[at]), $"seed {seed}, round {i}");
                    indices[at] = indices[^1];
                    indices.RemoveAt(indices.Count - 1);
                }
            }

            Assert.Equal(model.Count, table.Count);
            Assert.All(model, pair => Assert.True(table.TryGet(pair.Key, out object? found) && found == pair.Value, $"seed {seed}"));
        }
    }

    [Fact]
    public void MemoryFollowsTheNumberOfIndices()
    {
        var table = new IndexTable<object>();
        var entropy = new SeededEntropy(3);
        int empty = table.BucketCount;
        SessionIndex[] indices = [.. Enumerable.Range(0, 50_000).Select(_ => table.Insert(entropy, table))];
        Assert.InRange(table.BucketCount, 100_000, 200_000);

        foreach (SessionIndex index in indices)
        {
            Assert.True(table.Remove(index));
            Assert.True(table.BucketCount <= Math.Max(empty, table.Count * 16), $"{table.BucketCount} buckets for {table.Count} indices");
        }

        Assert.Equal(empty, table.BucketCount);
    }

    [Fact]
    public void LookupAllocatesNothing()
    {
        var table = new IndexTable<object>();
        SessionIndex index = table.Insert(new SeededEntropy(1), table);
        _ = table.TryGet(index, out _);
        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                _ = table.TryGet(index, out _);
                _ = table.TryGet(new SessionIndex((uint)i), out _);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void ReadersAlwaysFindWhatStaysWhileAWriterWorks()
    {
        const int Seed = 5;
        var table = new IndexTable<object>();
        var entropy = new SeededEntropy(Seed);
        SessionIndex[] staying = [.. Enumerable.Range(0, 200).Select(_ => table.Insert(entropy, table))];
        int missed = 0, isDone = 0;
        Thread[] readers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Read))];
        foreach (Thread reader in readers)
        {
            reader.Start();
        }

        var passing = new Queue<SessionIndex>();
        for (int i = 0; i < 100_000; i++)
        {
            // The table swells to 4000 and shrinks again, many times: every rebuild is crossed by readers.
            bool grows = i / 4000 % 2 == 0;
            if (grows)
            {
                passing.Enqueue(table.Insert(entropy, table));
            }
            else if (passing.TryDequeue(out SessionIndex index))
            {
                _ = table.Remove(index);
            }

            _ = table.Replace(staying[i % staying.Length], i % 2 == 0 ? entropy : table);
        }

        Volatile.Write(ref isDone, 1);
        foreach (Thread reader in readers)
        {
            reader.Join();
        }

        Assert.True(missed == 0, $"seed {Seed}: {missed} look-ups missed");

        void Read()
        {
            while (Volatile.Read(ref isDone) == 0)
            {
                foreach (SessionIndex index in staying)
                {
                    if (!table.TryGet(index, out object? found) || (found != table && found != entropy))
                    {
                        _ = Interlocked.Increment(ref missed);
                    }
                }
            }
        }
    }

    private sealed class ScriptedEntropy(params uint[] values) : IEntropy
    {
        private int _next;

        public void Fill(Span<byte> destination) => BinaryPrimitives.WriteUInt32LittleEndian(destination, values[_next++]);
    }
}
