using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Routing;

/// <summary>The table against a list that is searched from end to end, after the same random changes.</summary>
public sealed class AllowedIpsModelTests
{
    private readonly List<(IpPrefix Prefix, TestOwner Owner)> _model = [];
    private readonly TestOwner[] _owners = [.. Enumerable.Range(0, 12).Select(i => new TestOwner($"{i}"))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void AgreesWithAListAfterRandomChanges(int seed)
    {
        var random = new Random(seed);
        var table = new AllowedIps<TestOwner>(new TableEntropy(seed));
        for (int step = 0; step < 4000; step++)
        {
            Change(table, random);
            IpAddress address = RandomAddress(random);
            Assert.True(ReferenceEquals(ModelLookup(address), table.Lookup(address)), $"seed {seed}, step {step}: {address}");
            Assert.Equal(_model.Count, table.Count);
            if (step % 50 == 0)
            {
                CheckLists(table, $"seed {seed}, step {step}");
            }
        }
    }

    private void Change(AllowedIps<TestOwner> table, Random random)
    {
        IpAddress address = RandomAddress(random);
        var prefix = new IpPrefix(address, random.Next(address.Bits + 1));
        TestOwner owner = _owners[random.Next(_owners.Length)];
        int index = _model.FindIndex(entry => entry.Prefix == prefix);
        TestOwner? before = index < 0 ? null : _model[index].Owner;
        switch (random.Next(100))
        {
            case < 60:
                Assert.Same(before, table.Insert(prefix, owner));
                _model.RemoveAll(entry => entry.Prefix == prefix);
                _model.Add((prefix, owner));
                break;
            case < 98:
                (prefix, owner) = _model.Count == 0 || random.Next(4) == 0 ? (prefix, owner) : _model[random.Next(_model.Count)];
                Assert.Equal(_model.Remove((prefix, owner)), table.Remove(prefix, owner));
                break;
            default:
                table.RemoveAll(owner);
                _model.RemoveAll(entry => entry.Owner == owner);
                break;
        }
    }

    private void CheckLists(AllowedIps<TestOwner> table, string where)
    {
        foreach (TestOwner owner in _owners)
        {
            var prefixes = new List<IpPrefix>();
            table.CopyPrefixes(owner, prefixes);
            IEnumerable<IpPrefix> expected = _model.Where(entry => entry.Owner == owner).Select(entry => entry.Prefix);
            Assert.True(expected.SequenceEqual(prefixes), $"{where}: list of {owner}");
            Assert.All(prefixes, prefix => Assert.Same(owner, table.OwnerOf(prefix)));
        }
    }

    private TestOwner? ModelLookup(IpAddress address)
    {
        TestOwner? best = null;
        int length = -1;
        foreach ((IpPrefix prefix, TestOwner owner) in _model)
        {
            if (prefix.Length > length && prefix.Contains(address))
            {
                (best, length) = (owner, prefix.Length);
            }
        }

        return best;
    }

    // Few bits vary, so that prefixes nest and meet.
    private static IpAddress RandomAddress(Random random) => random.Next(2) == 0
        ? IpAddress.V4(((uint)random.Next(4) << 30) | ((uint)random.Next(8) << 12) | (uint)random.Next(4))
        : IpAddress.V6(((ulong)random.Next(4) << 62) | (uint)random.Next(4), ((ulong)random.Next(4) << 62) | (uint)random.Next(4));
}
