using Chasqui.Device;

namespace Chasqui.Tests.Device;

/// <summary>Order above all, whoever works; then that nobody works while there is no need.</summary>
public class OrderedPipelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 4)]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 3)]
    [InlineData(3, 8)]
    [InlineData(8, 4)]
    [InlineData(8, 16)]
    public void FinishesInOrderWhoeverTransforms(int workers, int batches)
    {
        using var crew = new PipelineWorkers(workers, _ => { });
        var line = new Line(crew, batches, seed: (workers * 100) + batches);

        line.Push(5_000, restEvery: 37);
        line.Pipeline.Drain();

        Assert.Equal(Enumerable.Range(0, 5_000), line.Finished);
        Assert.Equal(0, line.Overlaps);
    }

    [Fact]
    public void SeveralPipelinesShareTheWorkersAndEachKeepsItsOrder()
    {
        using var crew = new PipelineWorkers(3, _ => { });
        Line[] lines = [.. Enumerable.Range(0, 5).Select(i => new Line(crew, 4, seed: i))];

        Thread[] readers = Array.ConvertAll(lines, line => new Thread(() =>
        {
            line.Push(2_000, restEvery: 101);
            line.Pipeline.Drain();
        }));
        Array.ForEach(readers, reader => reader.Start());

        Assert.All(readers, reader => Assert.True(reader.Join(Patience)));
        Assert.All(lines, line => Assert.Equal(Enumerable.Range(0, 2_000), line.Finished));
    }

    [Fact]
    public void AReaderThatKeepsUpDoesAllItselfInOneBuffer()
    {
        using var crew = new PipelineWorkers(2, _ => { });
        var threads = new HashSet<int>();
        var batches = new HashSet<Batch>();
        var pipeline = new OrderedPipeline<Batch>(
            NewRing(4), batch => batches.Add(batch), _ => threads.Add(Environment.CurrentManagedThreadId), crew);

        for (int i = 0; i < 1_000; i++)
        {
            pipeline.Next();
            pipeline.More();
            pipeline.Submit();
            if (i % OrderedPipeline<Batch>.Backlog == 0)
            {
                pipeline.Rest();
            }
        }

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Assert.Single(batches);
    }

    [Fact]
    public void WorkersJoinInWhenTheReaderNeverRests()
    {
        using var crew = new PipelineWorkers(2, _ => { });
        using var elsewhere = new ManualResetEventSlim();
        int reader = Environment.CurrentManagedThreadId;
        var pipeline = new OrderedPipeline<Batch>(
            NewRing(4), _ => Note(elsewhere, Environment.CurrentManagedThreadId != reader), _ => { }, crew);
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;

        while (!elsewhere.IsSet && Environment.TickCount64 < deadline)
        {
            pipeline.Next();
            pipeline.More();
            pipeline.Submit();
        }

        Assert.True(elsewhere.IsSet, "no worker ever took a batch");
        pipeline.Drain();
    }

    [Fact]
    public void WithoutWorkersNothingIsHandedOn()
    {
        using var crew = new PipelineWorkers(0, _ => { });
        int finished = 0;
        var pipeline = new OrderedPipeline<Batch>(NewRing(4), _ => { }, _ => finished++, crew);

        for (int i = 1; i <= 100; i++)
        {
            pipeline.Next();
            pipeline.More();
            pipeline.Submit();
            Assert.Equal(i, finished);
        }
    }

    [Fact]
    public void ReadsOnWhileAWorkerIsBusyAndWaitsWhenAllBatchesAreUnderWay()
    {
        using var crew = new PipelineWorkers(1, _ => { });
        using var gate = new ManualResetEventSlim();
        int reader = Environment.CurrentManagedThreadId;
        int finished = 0;
        var pipeline = new OrderedPipeline<Batch>(
            NewRing(3),
            _ =>
            {
                if (Environment.CurrentManagedThreadId != reader)
                {
                    gate.Wait(Patience);
                }
            },
            _ => finished++,
            crew);

        // Pushed until the worker holds one; then the reader does the others, none of which may be finished before it.
        var opener = new Thread(() =>
        {
            Thread.Sleep(200);
            gate.Set();
        });
        opener.Start();
        for (int i = 0; i < 200; i++)
        {
            pipeline.Next();
            pipeline.More();
            pipeline.Submit();
        }

        pipeline.Drain();
        opener.Join();
        Assert.Equal(200, finished);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void WhatATransformThrowsComesOutOfTheReader(int workers)
    {
        Exception? told = null;
        using var crew = new PipelineWorkers(workers, exception => told ??= exception);
        int count = 0;
        var pipeline = new OrderedPipeline<Batch>(
            NewRing(4), _ => ThrowAt(Interlocked.Increment(ref count), 500), _ => { }, crew);

        Exception thrown = Assert.ThrowsAny<InvalidOperationException>(() => PushForEver(pipeline));

        Assert.Equal("at 500", (thrown.InnerException ?? thrown).Message);
    }

    [Fact]
    public void WhatAFinishThrowsComesOutOfTheReader()
    {
        using var crew = new PipelineWorkers(2, _ => { });
        int count = 0;
        var pipeline = new OrderedPipeline<Batch>(NewRing(4), _ => { }, _ => ThrowAt(++count, 300), crew);

        Exception thrown = Assert.ThrowsAny<InvalidOperationException>(() => PushForEver(pipeline));

        Assert.Equal("at 300", (thrown.InnerException ?? thrown).Message);
        Assert.Equal(300, count);
    }

    [Fact]
    public void ADrainMidWayFinishesAllAndItGoesOnAfterwards()
    {
        using var crew = new PipelineWorkers(4, _ => { });
        var line = new Line(crew, 8, seed: 9);

        line.Push(1_234, restEvery: int.MaxValue);
        line.Pipeline.Drain();
        Assert.Equal(1_234, line.Finished.Count);
        line.Push(100, restEvery: int.MaxValue);
        line.Pipeline.Drain();

        Assert.Equal(Enumerable.Range(0, 1_334), line.Finished);
    }

    [Fact]
    public void TheWorkersEndWhileTheyAreOfferedWork()
    {
        for (int i = 0; i < 50; i++)
        {
            using var crew = new PipelineWorkers(3, _ => { });
            var line = new Line(crew, 4, seed: i);
            line.Push(20 + i, restEvery: int.MaxValue);
            line.Pipeline.Drain();
            crew.Dispose();

            // Without them the reader does what is left.
            line.Push(20, restEvery: 5);
            line.Pipeline.Drain();
            Assert.Equal(Enumerable.Range(0, 40 + i), line.Finished);
        }
    }

    [Fact]
    public void AllocatesNothingPerBatch()
    {
        using var crew = new PipelineWorkers(2, _ => { });
        var pipeline = new OrderedPipeline<Batch>(NewRing(4), _ => { }, _ => { }, crew);
        Push(2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Push(20_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Push(int count)
        {
            for (int i = 0; i < count; i++)
            {
                pipeline.Next();
                pipeline.More();
                pipeline.Submit();
                if (i % 50 == 0)
                {
                    pipeline.Rest();
                }
            }

            pipeline.Drain();
        }
    }

    private static Batch[] NewRing(int length) => [.. Enumerable.Range(0, length).Select(_ => new Batch())];

    private static void Note(ManualResetEventSlim what, bool isSo)
    {
        if (isSo)
        {
            what.Set();
        }
    }

    private static void ThrowAt(int count, int fatal)
    {
        if (count == fatal)
        {
            throw new InvalidOperationException($"at {fatal}");
        }
    }

    private static void PushForEver(OrderedPipeline<Batch> pipeline)
    {
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            pipeline.Next();
            pipeline.More();
            pipeline.Submit();
        }
    }

    private sealed class Batch
    {
        internal int Number { get; set; }

        internal int Spins { get; set; }

        internal bool IsTransformed { get; set; }
    }

    /// <summary>A pipeline whose transform takes a random time, and what came out of it.</summary>
    private sealed class Line
    {
        private readonly Random _random;
        private int _next;
        private int _finishing;

        internal Line(PipelineWorkers crew, int batches, int seed)
        {
            _random = new Random(seed);
            Pipeline = new OrderedPipeline<Batch>(NewRing(batches), Transform, Finish, crew);
        }

        internal OrderedPipeline<Batch> Pipeline { get; }

        internal List<int> Finished { get; } = [];

        internal int Overlaps { get; private set; }

        internal void Push(int count, int restEvery)
        {
            for (int i = 1; i <= count; i++)
            {
                Batch batch = Pipeline.Next();
                batch.Number = _next++;
                batch.Spins = _random.Next(10) == 0 ? _random.Next(20_000) : _random.Next(500);
                batch.IsTransformed = false;
                Pipeline.More();
                Pipeline.Submit();
                if (i % restEvery == 0)
                {
                    Pipeline.Rest();
                }
            }
        }

        private void Transform(Batch batch)
        {
            Thread.SpinWait(batch.Spins / 50);
            batch.IsTransformed = true;
        }

        private void Finish(Batch batch)
        {
            Overlaps += Interlocked.Increment(ref _finishing) > 1 || !batch.IsTransformed ? 1 : 0;
            Finished.Add(batch.Number);
            Interlocked.Decrement(ref _finishing);
        }
    }
}
