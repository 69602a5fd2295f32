using Chasqui.Core.Diagnostics;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Tests.Diagnostics;

public sealed class EventJournalTests
{
    private readonly EventJournal _journal = new();

    [Fact]
    public void IsReadInOrderByEachReaderAtItsOwnPace()
    {
        Add(TunnelEventKind.HandshakeStarted, 0, number: 1);
        Add(TunnelEventKind.HandshakeCompleted, 1, number: 2);
        long first = 0, second = 1;

        Assert.Equal([1, 2], Numbers(ref first));
        Assert.Equal([2], Numbers(ref second));
        Assert.False(_journal.TryRead(ref first, out _, out long lost));
        Assert.Equal(0, lost);
    }

    [Fact]
    public void SaysHowManyASlowReaderHasLost()
    {
        for (int i = 0; i < EventJournal.Capacity + 10; i++)
        {
            Add(TunnelEventKind.PeerRoamed, i, number: i);
        }

        long next = 3;
        Assert.True(_journal.TryRead(ref next, out TunnelEvent found, out long lost));
        Assert.Equal((7, 10, 11), (lost, found.Number, next));
    }

    /// <summary>A stranger who sends a million bad packets pushes out nothing but his own.</summary>
    [Fact]
    public void AFloodOfOneReasonLeavesTheOthersWhereTheyAre()
    {
        Add(TunnelEventKind.HandshakeCompleted, 0, number: 42);
        for (int i = 0; i < 1_000_000; i++)
        {
            _journal.Add(TunnelEvent.Drop(DropReason.InvalidMac1, At(i / 100_000.0), new IpEndpoint(IpAddress.V4((uint)i), 1)));
        }

        long next = 0;
        Assert.Equal(42, Numbers(ref next)[0]);
        Assert.InRange(_journal.End, 30, 60); // a burst of 8, and four a second for ten seconds
        Assert.Equal(1_000_000, _journal.CountOf(TunnelEventKind.Dropped, DropReason.InvalidMac1));
    }

    [Fact]
    public void TellsHowManyItDidNotTell()
    {
        for (int i = 0; i < 100; i++)
        {
            _journal.Add(TunnelEvent.Drop(DropReason.Malformed, At(0)));
        }

        _journal.Add(TunnelEvent.Drop(DropReason.Malformed, At(60)));
        long next = _journal.End - 1;
        Assert.True(_journal.TryRead(ref next, out TunnelEvent last, out _));
        Assert.Equal(100 - (_journal.End - 1), last.Untold);
    }

    [Fact]
    public void KeepsTheLastFewOfEachKindWhetherToldOrNot()
    {
        for (int i = 0; i < 100; i++)
        {
            _journal.Add(TunnelEvent.Drop(DropReason.Malformed, At(0)) with { Number = i });
        }

        var recent = new TunnelEvent[10];
        Assert.Equal(EventJournal.RecentOfEach, _journal.CopyRecent(TunnelEventKind.Dropped, DropReason.Malformed, recent));
        Assert.Equal([99, 98, 97, 96], recent.Take(EventJournal.RecentOfEach).Select(one => one.Number));
        Assert.Equal(0, _journal.CopyRecent(TunnelEventKind.Dropped, DropReason.InvalidMac1, recent));
    }

    [Fact]
    public void TellsItsListenerOfWhatIsToldOnly()
    {
        int told = 0;
        _journal.Listener = () => told++;
        for (int i = 0; i < 100; i++)
        {
            _journal.Add(TunnelEvent.Drop(DropReason.Malformed, At(0)));
        }

        Assert.Equal(_journal.End, told);
        Assert.InRange(told, 1, 10);
    }

    [Fact]
    public void AllocatesNothing()
    {
        Add(TunnelEventKind.PeerRoamed, 0, number: 0);
        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                _journal.Add(TunnelEvent.Drop(DropReason.Malformed, At(i)));
            }
        });

        Assert.Equal(0, allocated);
    }

    private static Instant At(double seconds) => new((long)(seconds * 1e9));

    private void Add(TunnelEventKind kind, double seconds, long number) =>
        _journal.Add(new TunnelEvent { Kind = kind, At = At(seconds), Number = number });

    private List<long> Numbers(ref long next)
    {
        List<long> numbers = [];
        while (_journal.TryRead(ref next, out TunnelEvent found, out _))
        {
            numbers.Add(found.Number);
        }

        return numbers;
    }
}
