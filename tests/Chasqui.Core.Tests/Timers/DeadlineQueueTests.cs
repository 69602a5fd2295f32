using Chasqui.Core.Timers;

namespace Chasqui.Core.Tests.Timers;

public sealed class DeadlineQueueTests
{
    [Fact]
    public void ComesInTheOrderOfDeadlines()
    {
        var queue = new DeadlineQueue<Item>();
        int[] deadlines = [5, 1, 4, 2, 3];
        foreach (int deadline in deadlines)
        {
            queue.Schedule(new Item(), At(deadline));
        }

        for (int i = 1; i <= 5; i++)
        {
            Assert.Equal(At(i), queue.PeekDeadline);
            Assert.NotNull(queue.PopDue(At(100)));
        }

        Assert.Equal(Instant.Never, queue.PeekDeadline);
        Assert.Null(queue.PopDue(At(100)));
    }

    [Fact]
    public void IsDueAtItsDeadlineAndNotBefore()
    {
        var queue = new DeadlineQueue<Item>();
        var item = new Item();
        queue.Schedule(item, At(10));

        Assert.Null(queue.PopDue(At(9)));
        Assert.Same(item, queue.PopDue(At(10)));
        Assert.False(item.IsScheduled);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void ADeadlineMovesBothWays(int movedTo)
    {
        var queue = new DeadlineQueue<Item>();
        Item moved = new(), other = new();
        queue.Schedule(moved, At(10));
        queue.Schedule(other, At(20));

        queue.Schedule(moved, At(movedTo));

        Assert.Equal(2, queue.Count);
        Assert.Same(movedTo < 20 ? moved : other, queue.PopDue(At(100)));
        Assert.Same(movedTo < 20 ? other : moved, queue.PopDue(At(100)));
    }

    [Fact]
    public void ARemovedItemDoesNotCome()
    {
        var queue = new DeadlineQueue<Item>();
        Item item = new(), other = new();
        queue.Schedule(item, At(1));
        queue.Schedule(other, At(2));

        Assert.True(queue.Remove(item));
        Assert.False(queue.Remove(item));

        Assert.Same(other, queue.PopDue(At(100)));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void NeverIsNotScheduled()
    {
        var queue = new DeadlineQueue<Item>();
        var item = new Item();
        queue.Schedule(item, At(1));

        queue.Schedule(item, Instant.Never);

        Assert.False(item.IsScheduled);
        Assert.Equal(0, queue.Count);
        Assert.Null(queue.PopDue(Instant.Never));
    }

    [Fact]
    public void AgreesWithANaiveModel()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var queue = new DeadlineQueue<Item>();
            Item[] items = [.. Enumerable.Range(0, 100).Select(_ => new Item())];
            var model = new Dictionary<Item, long>();
            for (int i = 0; i < 3000; i++)
            {
                Item item = items[random.Next(items.Length)];
                int choice = random.Next(10);
                if (choice < 6)
                {
                    long deadline = random.Next(500);
                    queue.Schedule(item, At(deadline));
                    model[item] = deadline;
                }
                else if (choice < 8)
                {
                    Assert.True(model.Remove(item) == queue.Remove(item), $"seed {seed}, round {i}");
                }
                else
                {
                    Pop(queue, model, random.Next(500), $"seed {seed}, round {i}");
                }

                Assert.True(queue.Count == model.Count, $"seed {seed}, round {i}");
                Assert.True(queue.PeekDeadline == (model.Count == 0 ? Instant.Never : At(model.Values.Min())), $"seed {seed}, round {i}");
            }
        }
    }

    [Fact]
    public void AllocatesNothingOnceItHasGrown()
    {
        var queue = new DeadlineQueue<Item>();
        Item[] items = [.. Enumerable.Range(0, 100).Select(_ => new Item())];
        RescheduleAll(queue, items, 0);
        long allocated = Heap.LeastAllocatedBy(() =>
        {
            for (int i = 1; i < 200; i++)
            {
                RescheduleAll(queue, items, i);
                Item? due = queue.PopDue(Instant.Never);
                queue.Schedule(due!, At(i));
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void GivesMemoryBack()
    {
        var queue = new DeadlineQueue<Item>();
        for (int i = 0; i < 10_000; i++)
        {
            queue.Schedule(new Item(), At(i));
        }

        Assert.InRange(queue.Capacity, 10_000, 20_000);
        while (queue.PopDue(At(10_000)) is not null)
        {
        }

        Assert.InRange(queue.Capacity, 1, 16);
    }

    private static void Pop(DeadlineQueue<Item> queue, Dictionary<Item, long> model, long now, string where)
    {
        Item? popped = queue.PopDue(At(now));
        bool isAnyDue = model.Count > 0 && model.Values.Min() <= now;
        Assert.True(isAnyDue == popped is not null, where);
        if (popped is not null)
        {
            Assert.True(model[popped] == model.Values.Min(), where);
            _ = model.Remove(popped);
        }
    }

    private static void RescheduleAll(DeadlineQueue<Item> queue, Item[] items, int round)
    {
        for (int i = 0; i < items.Length; i++)
        {
            queue.Schedule(items[i], At((i * 37 + round * 11) % 1000));
        }
    }

    private static Instant At(long nanoseconds) => new(nanoseconds);

    private sealed class Item : IDeadlineItem
    {
        public int HeapPlace { get; set; }

        internal bool IsScheduled => HeapPlace != 0;
    }
}
