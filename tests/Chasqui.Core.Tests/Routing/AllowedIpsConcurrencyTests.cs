using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Routing;

/// <summary>Readers beside a writer, bounded by the writer's changes.</summary>
public sealed class AllowedIpsConcurrencyTests
{
    private readonly AllowedIps<TestOwner> _table = new(new TableEntropy(3));
    private readonly TestOwner _a = new("a"), _b = new("b"), _other = new("other");

    // The address always has an owner, though never for long the same prefix: it is added at one length before it is taken away at another.
    [Fact]
    public void AnAddressThatAlwaysHasAnOwnerIsAlwaysFound()
    {
        var address = IpAddress.V4(0x0a010203);
        _table.Insert(new IpPrefix(address, 8), _a);
        int strangers = RunBesideReaders(
            owner => ReferenceEquals(owner, _a),
            address,
            step =>
            {
                int from = 8 + (step % 25), to = 8 + ((step + 7) % 25);
                _table.Insert(new IpPrefix(address, to), _a);
                _table.Insert(new IpPrefix(IpAddress.V4((uint)step << 8), 24), _other);
                if (from != to)
                {
                    _table.Remove(new IpPrefix(address, from), _a);
                }

                _table.Remove(new IpPrefix(IpAddress.V4((uint)step << 8), 24), _other);
                _table.Remove(new IpPrefix(address, 8 + ((step + 1) % 25)), _b);
                _table.Insert(new IpPrefix(address, 8 + ((step + 1) % 25)), _a);
            });

        Assert.Equal(0, strangers);
    }

    [Fact]
    public void AMovingPrefixHasOneOfItsOwnersAtAnyTime()
    {
        var address = IpAddress.V6(0xfd00_0000_0000_0001, 5);
        var prefix = new IpPrefix(address, 64);
        _table.Insert(prefix, _a);
        int strangers = RunBesideReaders(
            owner => ReferenceEquals(owner, _a) || ReferenceEquals(owner, _b),
            address,
            step =>
            {
                _table.Insert(prefix, step % 2 == 0 ? _b : _a);
                _table.Insert(new IpPrefix(IpAddress.V6((ulong)step << 20, 0), 48 + (step % 16)), _other);
                if (step % 1000 == 999)
                {
                    _table.RemoveAll(_other);
                }
            });

        Assert.Equal(0, strangers);
    }

    private int RunBesideReaders(Func<TestOwner?, bool> isRight, IpAddress address, Action<int> change)
    {
        bool isOver = false;
        int strangers = 0;
        var readers = new Thread[2];
        for (int i = 0; i < readers.Length; i++)
        {
            readers[i] = new Thread(() =>
            {
                do
                {
                    if (!isRight(_table.Lookup(address)))
                    {
                        Interlocked.Increment(ref strangers);
                    }
                }
                while (!Volatile.Read(ref isOver));
            });
            readers[i].Start();
        }

        for (int step = 0; step < 200_000; step++)
        {
            change(step);
        }

        Volatile.Write(ref isOver, true);
        foreach (Thread reader in readers)
        {
            reader.Join();
        }

        return strangers;
    }
}
