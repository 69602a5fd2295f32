using Chasqui.Core.Sessions;

namespace Chasqui.Core.Tests.Sessions;

public sealed class ReplayWindowTests
{
    private const ulong Usable = ProtocolConstants.ReplayWindowUsableBits;
    private const ulong Lag = Usable + 1;
    private const ulong Reject = ProtocolConstants.RejectAfterMessages;

    /// <summary>The facts of the kernel's counter self-test: one window, in this order.</summary>
    [Fact]
    public void AgreesWithTheKernelsTable()
    {
        (ulong Counter, bool IsAccepted)[] facts =
        [
            (0, true), (1, true), (1, false), (9, true), (8, true), (7, true), (7, false),
            (Lag, true), (Lag - 1, true), (Lag - 1, false), (Lag - 2, true), (2, true), (2, false),
            (Lag + 16, true), (3, false), (Lag + 16, false),
            (4 * Lag, true), ((4 * Lag) - (Lag - 1), true), (10, false), (3 * Lag, false), ((4 * Lag) - (Lag + 1), false),
            ((4 * Lag) - (Lag - 2), true), ((4 * Lag) + 1 - Lag, false), (0, false),
            (Reject, false), (Reject - 1, true), (Reject, false), (Reject - 1, false), (Reject - 2, true),
            (Reject + 1, false), (Reject + 2, false), (Reject - 2, false), (Reject - 3, true), (0, false),
        ];
        var window = new ReplayWindow();
        for (int i = 0; i < facts.Length; i++)
        {
            Assert.True(facts[i].IsAccepted == window.TryAccept(facts[i].Counter), $"fact {i + 1}: counter {facts[i].Counter}");
        }
    }

    /// <summary>Runs of counters up or down (last included), then single facts: the kernel's loops.</summary>
    [Theory]
    [InlineData(1, Usable, 0, true, 0, false)]
    [InlineData(2, Usable + 1, 1, true, 0, false)]
    [InlineData(Usable, 0, Usable, false, 0, false)]
    [InlineData(Usable + 1, 1, 0, false, 1, false)]
    [InlineData(Usable, 1, Usable + 1, true, 0, false)]
    [InlineData(Usable, 1, 0, true, Usable + 1, true)]
    public void AgreesWithTheKernelsRuns(ulong first, ulong last, ulong then, bool isThen, ulong afterThat, bool isAfterThat)
    {
        var window = new ReplayWindow();
        for (ulong i = first; ; i = first < last ? i + 1 : i - 1)
        {
            Assert.True(window.TryAccept(i), $"counter {i}");
            if (i == last)
            {
                break;
            }
        }

        Assert.Equal(isThen, window.TryAccept(then));
        Assert.Equal(isAfterThat, window.TryAccept(afterThat));
    }

    [Theory]
    [InlineData(Usable - 1, true)]
    [InlineData(Usable, true)]
    [InlineData(Usable + 1, false)]
    public void LagEndsAtTheUsableBits(ulong lag, bool expected)
    {
        ulong[] tops = [1_000_000, 1_000_063, 1_000_064, 1UL << 60, Reject - 1];
        foreach (ulong highest in tops)
        {
            var window = new ReplayWindow();
            Assert.True(window.TryAccept(highest));

            Assert.Equal(expected, window.TryAccept(highest - lag));
        }
    }

    [Theory]
    [InlineData(Reject - 1, true)]
    [InlineData(Reject, false)]
    [InlineData(Reject + 1, false)]
    [InlineData(ulong.MaxValue, false)]
    public void NothingAtOrPastTheLimitIsAccepted(ulong counter, bool expected)
    {
        var window = new ReplayWindow();

        Assert.Equal(expected, window.TryAccept(counter));
        Assert.Equal(expected ? counter + 1 : 0, window.Next);
    }

    [Fact]
    public void ARefusedCounterChangesNothing()
    {
        var window = new ReplayWindow();
        Assert.True(window.TryAccept(100));

        Assert.False(window.TryAccept(100));
        Assert.False(window.TryAccept(ulong.MaxValue));

        Assert.Equal(101UL, window.Next);
        Assert.True(window.TryAccept(99));
        Assert.True(window.TryAccept(101));
    }

    [Fact]
    public void AgreesWithANaiveModel()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var window = new ReplayWindow();
            var model = new NaiveWindow();
            ulong around = seed % 4 == 3 ? Reject - 20_000 : (ulong)random.NextInt64(100_000);
            for (int i = 0; i < 5000; i++)
            {
                around += random.Next(200) == 0 ? (ulong)random.Next(20_000) : (ulong)random.Next(40);
                ulong counter = around - Math.Min(around, (ulong)random.Next(random.Next(3) == 0 ? 9000 : 200));

                Assert.True(model.TryAccept(counter) == window.TryAccept(counter), $"seed {seed}, round {i}, counter {counter}");
            }
        }
    }

    [Fact]
    public void AllocatesNothingAfterConstruction()
    {
        var window = new ReplayWindow();
        _ = window.TryAccept(0);
        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (ulong i = 0; i < 10_000; i++)
            {
                _ = window.TryAccept(i * 37 % 20_000);
            }
        });

        Assert.Equal(0, allocated);
    }

    private sealed class NaiveWindow
    {
        private readonly HashSet<ulong> _seen = [];
        private ulong _next;

        public bool TryAccept(ulong counter)
        {
            if (counter >= Reject || (_next > 0 && counter + Usable < _next - 1) || !_seen.Add(counter))
            {
                return false;
            }

            _next = Math.Max(_next, counter + 1);
            return true;
        }
    }
}
