using Chasqui.Core.Keys;
using Chasqui.Core.Routing;

namespace Chasqui.Core.Tests.Routing;

public sealed class PublicKeyTableTests
{
    [Fact]
    public void FindsWhatWasAdded()
    {
        var table = new PublicKeyTable<object>(new SeededEntropy(1));
        object value = new();

        Assert.True(table.TryAdd(Key(1), value));

        Assert.True(table.TryGet(Key(1), out object? found));
        Assert.Same(value, found);
        Assert.False(table.TryGet(Key(2), out _));
    }

    [Fact]
    public void AKeyIsThereOnce()
    {
        var table = new PublicKeyTable<string>(new SeededEntropy(1));
        Assert.True(table.TryAdd(Key(1), "first"));

        Assert.False(table.TryAdd(Key(1), "second"));

        Assert.True(table.TryGet(Key(1), out string? found));
        Assert.Equal("first", found);
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void ARemovedKeyMayComeBack()
    {
        var table = new PublicKeyTable<string>(new SeededEntropy(1));
        Assert.True(table.TryAdd(Key(1), "first"));

        Assert.True(table.Remove(Key(1)));
        Assert.False(table.Remove(Key(1)));
        Assert.False(table.TryGet(Key(1), out _));

        Assert.True(table.TryAdd(Key(1), "second"));
    }

    [Fact]
    public void EveryBitOfAKeyCounts()
    {
        var table = new PublicKeyTable<object>(new SeededEntropy(1));
        Assert.True(table.TryAdd(default, table));
        for (int bit = 0; bit < 256; bit++)
        {
            byte[] bytes = new byte[32];
            bytes[bit / 8] = (byte)(1 << (bit % 8));

            Assert.False(table.TryGet(new PublicKey(bytes), out _));
        }
    }

    [Fact]
    public void HoldsManyKeys()
    {
        const int Seed = 9;
        var random = new Random(Seed);
        var table = new PublicKeyTable<string>(new SeededEntropy(Seed));
        PublicKey[] keys = [.. Enumerable.Range(0, 20_000).Select(_ => Random(random))];
        for (int i = 0; i < keys.Length; i++)
        {
            Assert.True(table.TryAdd(in keys[i], $"{i}"));
        }

        for (int i = 0; i < keys.Length; i += 2)
        {
            Assert.True(table.Remove(in keys[i]));
        }

        Assert.Equal(keys.Length / 2, table.Count);
        for (int i = 0; i < keys.Length; i++)
        {
            Assert.Equal(i % 2 == 1, table.TryGet(in keys[i], out string? found));
            Assert.True(found is null || found == $"{i}");
        }
    }

    private static PublicKey Key(byte fill)
    {
        byte[] bytes = new byte[32];
        Array.Fill(bytes, fill);
        return new PublicKey(bytes);
    }

    private static PublicKey Random(Random random)
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return new PublicKey(bytes);
    }
}
