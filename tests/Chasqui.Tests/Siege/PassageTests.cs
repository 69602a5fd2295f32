using Chasqui.HostileNetwork;

namespace Chasqui.Tests.Siege;

/// <summary>What the middlebox does to datagrams follows from its seed.</summary>
public sealed class PassageTests
{
    private const int Datagrams = 2000;

    private static readonly Weather Bad = new() { Loss = 0.1, Duplicate = 0.1, Corrupt = 0.1, Replay = 0.1 };

    [Fact]
    public void TheSameSeedDoesTheSame()
    {
        Assert.Equal(Pass(7, Bad, out _), Pass(7, Bad, out _));
        Assert.NotEqual(Pass(7, Bad, out _), Pass(8, Bad, out _));
    }

    [Fact]
    public void FairWeatherPassesEverythingAsItIs()
    {
        List<string> passed = Pass(1, Weather.Clear, out PassageCounts counts);

        Assert.Equal(Enumerable.Range(0, Datagrams).Select(number => Convert.ToHexString(Datagram(number))), passed);
        Assert.Equal(counts.ReceivedBytes, counts.SentBytes);
    }

    [Fact]
    public void WhatIsCountedIsWhatHappens()
    {
        List<string> passed = Pass(7, Bad, out PassageCounts counts);

        Assert.Equal(passed.Count, counts.Sent);
        Assert.Equal(counts.Received - counts.Lost + counts.Duplicated + counts.Replayed, counts.Sent);
        foreach (long count in (long[])[counts.Lost, counts.Duplicated, counts.Corrupted, counts.Replayed])
        {
            Assert.InRange(count, Datagrams / 20, Datagrams / 5);
        }
    }

    [Fact]
    public void ALimitOfTheRateDropsWhatWouldWaitTooLong()
    {
        var weather = new Weather { BitsPerSecond = 8000, LongestQueue = TimeSpan.FromSeconds(1) };

        Pass(1, weather, out PassageCounts counts);

        // 1000 bytes a second, 64 each: the first second's worth waits, and the rest has no place.
        Assert.Equal(0, counts.Sent);
        Assert.InRange(counts.Queued, Datagrams - 40, Datagrams - 10);
    }

    private static List<string> Pass(int seed, Weather weather, out PassageCounts counts)
    {
        List<string> passed = [];
        var passage = new Passage(seed, 64, datagram =>
        {
            passed.Add(Convert.ToHexString(datagram));
            return true;
        });
        for (int number = 0; number < Datagrams; number++) passage.Take(Datagram(number), weather);
        counts = passage.Counts;
        return passed;
    }

    private static byte[] Datagram(int number)
    {
        byte[] datagram = new byte[64];
        BitConverter.TryWriteBytes(datagram.AsSpan(16), number);
        return datagram;
    }
}
