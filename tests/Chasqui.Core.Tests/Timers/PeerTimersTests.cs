using Chasqui.Core.Timers;

namespace Chasqui.Core.Tests.Timers;

/// <summary>The eight events of the protocol and what each does to the deadlines. Source: whitepaper section 6; the kernel's timers.c.</summary>
public sealed class PeerTimersTests
{
    private static readonly Instant T = new(1_000_000_000_000);

    [Fact]
    public void DataSentWaitsFifteenSecondsAndJitterForAnAnswerFromTheFirstPacketOn()
    {
        var timers = new PeerTimers(7);
        timers.DataSent(T);
        Instant first = timers.Earliest;
        Assert.InRange(Seconds(first - T), 15, 15.333);

        timers.DataSent(T + TimeSpan.FromSeconds(3));
        Assert.Equal(first, timers.Earliest);
        timers.AnyAuthenticatedPacketReceived();
        Assert.Equal(Instant.Never, timers.Earliest);
    }

    [Fact]
    public void DataReceivedAsksForAKeepaliveInTenSecondsAndMoreDataForAnother()
    {
        var timers = new PeerTimers(7);
        timers.DataReceived(T);
        timers.DataReceived(T + TimeSpan.FromSeconds(4));
        Assert.Equal(T + TimeSpan.FromSeconds(10), timers.Earliest);

        Instant due = timers.Earliest;
        Assert.True(timers.TryTake(TimerKind.SendKeepalive, due));
        timers.AnyAuthenticatedPacketSent();
        timers.PassiveKeepaliveSent(due);
        Assert.Equal(due + TimeSpan.FromSeconds(10), timers.Earliest);

        due = timers.Earliest;
        Assert.True(timers.TryTake(TimerKind.SendKeepalive, due));
        timers.PassiveKeepaliveSent(due);
        Assert.Equal(Instant.Never, timers.Earliest);
    }

    [Fact]
    public void AnythingSentTakesThePassiveKeepalivesPlace()
    {
        var timers = new PeerTimers(7);
        timers.DataReceived(T);
        timers.AnyAuthenticatedPacketSent();

        Assert.Equal(Instant.Never, timers.Earliest);
    }

    [Fact]
    public void AnInitiationIsRetransmittedAfterFiveSecondsAndJitterUnlessTheHandshakeCompletes()
    {
        var timers = new PeerTimers(7);
        timers.HandshakeInitiated(T);
        Assert.InRange(Seconds(timers.Earliest - T), 5, 5.333);
        Assert.True(timers.IsRetransmissionPending);
        timers.CountAttempt(isRetry: true);
        timers.HasSentLastMinuteHandshake = true;

        timers.HandshakeComplete();
        Assert.Equal(Instant.Never, timers.Earliest);
        Assert.Equal(0, timers.HandshakeAttempts);
        Assert.False(timers.HasSentLastMinuteHandshake);
    }

    [Fact]
    public void AWishThatComesTooSoonWaitsForFiveToTenSecondsAndMovesNoRetransmission()
    {
        HashSet<Instant> deadlines = [];
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var timers = new PeerTimers(seed * 0x9E3779B97F4A7C15);
            timers.WantRetransmission(T);
            Assert.InRange(Seconds(timers.Earliest - T), 5, 10);
            deadlines.Add(timers.Earliest);

            Instant before = timers.Earliest;
            timers.WantRetransmission(T + TimeSpan.FromSeconds(1));
            Assert.Equal(before, timers.Earliest);
        }

        Assert.Equal(50, deadlines.Count);
        Assert.True(Seconds(deadlines.Max() - deadlines.Min()) > 3);
    }

    [Fact]
    public void DerivedKeysAreZeroedAfterThreeTimesRejectAfterTimeFromTheLastOnes()
    {
        var timers = new PeerTimers(7);
        timers.SessionDerived(T);
        timers.SessionDerived(T + TimeSpan.FromSeconds(100));

        Assert.Equal(T + TimeSpan.FromSeconds(640), timers.Earliest);
    }

    [Fact]
    public void TraversalMovesThePersistentKeepaliveIfThereIsOne()
    {
        var timers = new PeerTimers(7);
        timers.AnyAuthenticatedPacketTraversal(T);
        Assert.Equal(Instant.Never, timers.Earliest);

        timers.PersistentKeepaliveSeconds = 65535;
        timers.AnyAuthenticatedPacketTraversal(T);
        timers.AnyAuthenticatedPacketTraversal(T + TimeSpan.FromSeconds(1));
        Assert.Equal(T + TimeSpan.FromSeconds(65536), timers.Earliest);
        timers.WantPersistentKeepalive(T);
        Assert.Equal(T, timers.Earliest);
    }

    [Fact]
    public void GivingUpLeavesOnlyTheZeroingAndDoesNotMoveOneThatRuns()
    {
        var timers = new PeerTimers(7);
        timers.DataReceived(T);
        timers.HandshakeGivenUp(T);
        Assert.Equal(T + TimeSpan.FromSeconds(540), timers.Earliest);

        timers.HandshakeGivenUp(T + TimeSpan.FromSeconds(50));
        Assert.Equal(T + TimeSpan.FromSeconds(540), timers.Earliest);
    }

    [Fact]
    public void AttemptsCountRetriesAndStartAnewWithAReasonOfOurOwn()
    {
        var timers = new PeerTimers(7);
        timers.CountAttempt(isRetry: false);
        timers.CountAttempt(isRetry: true);
        timers.CountAttempt(isRetry: true);
        Assert.Equal(2, timers.HandshakeAttempts);

        timers.CountAttempt(isRetry: false);
        Assert.Equal(0, timers.HandshakeAttempts);
    }

    [Fact]
    public void StoppingForgetsEverythingButTheInterval()
    {
        var timers = new PeerTimers(7) { PersistentKeepaliveSeconds = 25 };
        timers.DataSent(T);
        timers.DataReceived(T);
        timers.DataReceived(T);
        timers.HandshakeInitiated(T);
        timers.SessionDerived(T);
        timers.WantInitiation(T);
        timers.AnyAuthenticatedPacketTraversal(T);
        timers.StopAll();

        Assert.Equal(Instant.Never, timers.Earliest);
        timers.PassiveKeepaliveSent(T);
        Assert.Equal(Instant.Never, timers.Earliest);
        Assert.Equal(25, timers.PersistentKeepaliveSeconds);
    }

    [Fact]
    public void TheJitterIsNeverTheWholeOfItAndDiffersFromTimeToTime()
    {
        var timers = new PeerTimers(0);
        HashSet<long> seen = [];
        for (int i = 0; i < 1000; i++)
        {
            timers.HandshakeInitiated(T);
            TimeSpan jitter = timers.Earliest - T - ProtocolConstants.RekeyTimeout;
            Assert.InRange(jitter, TimeSpan.Zero, ProtocolConstants.RekeyTimeoutJitter - TimeSpan.FromTicks(1));
            seen.Add(jitter.Ticks);
        }

        Assert.True(seen.Count > 990);
    }

    private static double Seconds(TimeSpan span) => span.TotalSeconds;
}
