using Chasqui.Core.DoS;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.DoS;

public sealed class HandshakeLimiterTests
{
    private static readonly Instant Start = new(5_000_000_000);
    private static readonly IpAddress Source = V4(0x0a000001);

    /// <summary>The kernel's self-test: what is allowed after which pause, in milliseconds.</summary>
    [Fact]
    public void AgreesWithTheKernelsTable()
    {
        (int PauseMilliseconds, bool IsAllowed)[] steps =
        [
            (0, true), (0, true), (0, true), (0, true), (0, true), (0, false),
            (50, true), (0, false), (100, true), (0, true), (0, false),
        ];
        HandshakeLimiter limiter = Create();
        Instant now = Start;
        for (int i = 0; i < steps.Length; i++)
        {
            now += TimeSpan.FromMilliseconds(steps[i].PauseMilliseconds);

            Assert.True(steps[i].IsAllowed == limiter.TryTake(now, Source), $"v4 step {i}");
            Assert.True(steps[i].IsAllowed == limiter.TryTake(now, IpAddress.V6(0x20010db8_00000000, (ulong)i)), $"v6 step {i}");
            Assert.True(limiter.TryTake(now, V4(0x0b000000 + (uint)i)), $"another v4 address, step {i}");
            Assert.True(limiter.TryTake(now, IpAddress.V6(0x20010db8_00010000 + (ulong)i, 0)), $"another v6 network, step {i}");
        }
    }

    [Fact]
    public void AllowsTwentyASecondInTheLongRun()
    {
        HandshakeLimiter limiter = Create();
        int allowed = 0;
        for (int millisecond = 0; millisecond < 10_000; millisecond++)
        {
            allowed += limiter.TryTake(Start + TimeSpan.FromMilliseconds(millisecond), Source) ? 1 : 0;
        }

        Assert.InRange(allowed, 200, 205);
    }

    [Theory]
    [InlineData(49_999_999, false)]
    [InlineData(50_000_000, true)]
    public void ATokenComesAfterFiftyMilliseconds(long nanoseconds, bool expected)
    {
        HandshakeLimiter limiter = Create();
        Spend(limiter, Source);

        Assert.Equal(expected, limiter.TryTake(new Instant(Start.Nanoseconds + nanoseconds), Source));
    }

    [Fact]
    public void RestDoesNotSaveMoreThanTheBurst()
    {
        HandshakeLimiter limiter = Create();
        Spend(limiter, Source);
        Instant later = Start + TimeSpan.FromSeconds(1);

        for (int i = 0; i < 5; i++)
        {
            Assert.True(limiter.TryTake(later, Source));
        }

        Assert.False(limiter.TryTake(later, Source));
    }

    [Fact]
    public void ASlash64SharesOneBucket()
    {
        HandshakeLimiter limiter = Create();
        for (ulong host = 0; host < 5; host++)
        {
            Assert.True(limiter.TryTake(Start, IpAddress.V6(0xfd00_0000_0000_0001, host << 40)));
        }

        Assert.False(limiter.TryTake(Start, IpAddress.V6(0xfd00_0000_0000_0001, ulong.MaxValue)));
        Assert.True(limiter.TryTake(Start, IpAddress.V6(0xfd00_0000_0000_0002, 0)));
    }

    [Fact]
    public void TheFamiliesDoNotShareBuckets()
    {
        HandshakeLimiter limiter = Create();
        IpAddress v4 = V4(0xfd000000);
        Spend(limiter, v4);

        Assert.True(limiter.TryTake(Start, IpAddress.V6(v4.High, 0)));
    }

    [Fact]
    public void OneAttackerDoesNotBlockTheOthers()
    {
        HandshakeLimiter limiter = Create();
        for (int i = 0; i < 10_000; i++)
        {
            _ = limiter.TryTake(Start, Source);
        }

        Assert.False(limiter.TryTake(Start, Source));
        Assert.True(limiter.TryTake(Start, V4(0x0a000002)));
        Assert.Equal(2, limiter.Count);
    }

    [Fact]
    public void AFullTableServesWhomItKnowsAndRefusesTheRest()
    {
        var limiter = new HandshakeLimiter(new SeededEntropy(1), maxSources: 100);
        for (uint i = 0; i < 100; i++)
        {
            Assert.True(limiter.TryTake(Start, V4(i)));
        }

        Assert.False(limiter.TryTake(Start, V4(100)));
        Assert.True(limiter.TryTake(Start, V4(7)));
        Assert.Equal(100, limiter.Count);
    }

    [Theory]
    [InlineData(1_000_000_000, false)]
    [InlineData(1_000_000_001, true)]
    public void AFullTableHasRoomOnceASourceIsIdle(long nanoseconds, bool expected)
    {
        var limiter = new HandshakeLimiter(new SeededEntropy(1), maxSources: 100);
        for (uint i = 0; i < 100; i++)
        {
            Assert.True(limiter.TryTake(Start, V4(i)));
        }

        Instant later = new(Start.Nanoseconds + nanoseconds);
        Assert.Equal(expected, limiter.TryTake(later, V4(100)));
    }

    [Fact]
    public void OnlyTheIdleAreForgotten()
    {
        HandshakeLimiter limiter = Create();
        Assert.True(limiter.TryTake(Start, V4(1)));
        Assert.True(limiter.TryTake(Start, V4(2)));
        Assert.True(limiter.TryTake(Start + TimeSpan.FromSeconds(0.9), V4(1)));

        limiter.Collect(Start + TimeSpan.FromSeconds(1.5));

        Assert.Equal(1, limiter.Count);
    }

    [Fact]
    public void MemoryIsBoundedUnderAFloodAndGivenBackAfterIt()
    {
        HandshakeLimiter limiter = Create();
        for (uint i = 0; i < 200_000; i++)
        {
            _ = limiter.TryTake(new Instant(Start.Nanoseconds + i), V4(i));
        }

        Assert.Equal(HandshakeLimiter.DefaultMaxSources, limiter.Count);
        Assert.Equal(HandshakeLimiter.DefaultMaxSources, limiter.Capacity);

        limiter.Collect(Start + TimeSpan.FromSeconds(3));

        Assert.Equal(0, limiter.Count);
        Assert.Equal(0, limiter.Capacity);
        Assert.True(limiter.TryTake(Start + TimeSpan.FromSeconds(3), Source));
    }

    [Fact]
    public void AgreesWithANaiveModel()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var limiter = new HandshakeLimiter(new SeededEntropy(seed), maxSources: 1000);
            var model = new Dictionary<IpAddress, (long Last, long Tokens)>();
            long now = 0;
            for (int i = 0; i < 5000; i++)
            {
                now += random.Next(20) == 0 ? random.NextInt64(2_000_000_000) : random.NextInt64(10_000_000);
                uint number = (uint)random.Next(150);
                IpAddress source = random.Next(2) == 0 ? V4(number) : IpAddress.V6(number, (ulong)random.NextInt64());
                IpAddress prefix = source.IsV4 ? source : source.Mask(64);
                (long last, long tokens) = model.GetValueOrDefault(prefix, (now, 250_000_000));
                tokens = Math.Min(250_000_000, tokens + now - last);
                bool expected = tokens >= 50_000_000;
                model[prefix] = (now, expected ? tokens - 50_000_000 : tokens);

                Assert.True(expected == limiter.TryTake(new Instant(now), source), $"seed {seed}, round {i}");
            }
        }
    }

    [Fact]
    public void AClockThatStepsBackGivesNothing()
    {
        HandshakeLimiter limiter = Create();
        Spend(limiter, Source);

        Assert.False(limiter.TryTake(default, Source));
        Assert.False(limiter.TryTake(Start + TimeSpan.FromMilliseconds(49), Source));
        Assert.True(limiter.TryTake(Start + TimeSpan.FromMilliseconds(50), Source));
    }

    private static HandshakeLimiter Create() => new(new SeededEntropy(1));

    private static IpAddress V4(uint value) => IpAddress.V4(value);

    private static void Spend(HandshakeLimiter limiter, IpAddress source)
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.True(limiter.TryTake(Start, source));
        }

        Assert.False(limiter.TryTake(Start, source));
    }
}
