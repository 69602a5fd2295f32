using Chasqui.Core.Wire;
using Chasqui.Device;

namespace Chasqui.Tests.Device;

public sealed class HandshakeQueueTests
{
    private static readonly byte[] Message = new byte[148];

    [Fact]
    public void GivesMessagesInOrderWithTheirLengthsSendersAndTheNumberBehindThem()
    {
        var queue = new HandshakeQueue();
        for (int i = 1; i <= 3; i++)
        {
            Assert.True(queue.TryEnqueue(Filled((byte)i, 147 + (i % 2)), From(i)));
        }

        for (int i = 1; i <= 3; i++)
        {
            byte[] taken = new byte[148];
            Assert.True(queue.TryDequeue(taken, out int length, out Endpoint from, out int queued));
            Assert.Equal(147 + (i % 2), length);
            Assert.Equal(Filled((byte)i, length), taken[..length]);
            Assert.Equal(From(i), from);
            Assert.Equal(3 - i, queued);
        }
    }

    [Fact]
    public void DropsTheNewestWhenFullAndGoesRound()
    {
        var queue = new HandshakeQueue();
        for (int i = 0; i < HandshakeQueue.Capacity; i++)
        {
            Assert.True(queue.TryEnqueue(Message, From(i)));
        }

        Assert.False(queue.TryEnqueue(Message, From(-1)));
        Assert.Equal(From(0), Take(queue));
        Assert.True(queue.TryEnqueue(Message, From(HandshakeQueue.Capacity)));
        for (int i = 1; i <= HandshakeQueue.Capacity; i++)
        {
            Assert.Equal(From(i), Take(queue));
        }
    }

    [Fact]
    public void RefusesWhatIsLongerThanAnyHandshakeMessage() => Assert.False(new HandshakeQueue().TryEnqueue(new byte[149], default));

    [Fact]
    public void GivesAfterClearOnlyWhatCameLater()
    {
        var queue = new HandshakeQueue();
        for (int i = 0; i < 10; i++)
        {
            queue.TryEnqueue(Message, From(i));
        }

        queue.Clear();
        queue.TryEnqueue(Message, From(99));

        Assert.True(queue.TryDequeue(new byte[148], out int length, out Endpoint from, out int queued));
        Assert.Equal((148, From(99), 0), (length, from, queued));
    }

    [Fact]
    public void CloseEndsAReaderThatWaitsAndAllThatFollow()
    {
        var queue = new HandshakeQueue();
        bool? result = null;
        var reader = new Thread(() => result = queue.TryDequeue(new byte[148], out _, out _, out _));
        reader.Start();

        queue.Close();

        Assert.True(reader.Join(TimeSpan.FromSeconds(10)), "The reader still waits.");
        Assert.False(result);
        queue.TryEnqueue(Message, From(1));
        Assert.False(queue.TryDequeue(new byte[148], out _, out _, out _));
    }

    [Fact]
    public void LosesNothingBetweenTwoWritersAndAReader()
    {
        const int Each = 20_000;
        var queue = new HandshakeQueue();
        Thread[] writers = [new(() => Write(1)), new(() => Write(2))];
        Array.ForEach(writers, writer => writer.Start());

        int[] last = [0, 0, 0];
        for (int i = 0; i < 2 * Each; i++)
        {
            Endpoint from = Take(queue);
            Assert.Equal(++last[from.SourceInterface], from.Remote.Port);
        }

        Array.ForEach(writers, writer => writer.Join());

        void Write(int writer)
        {
            for (int i = 1; i <= Each;)
            {
                i += queue.TryEnqueue(Message, From(i) with { SourceInterface = writer }) ? 1 : 0;
            }
        }
    }

    private static Endpoint Take(HandshakeQueue queue)
    {
        Assert.True(queue.TryDequeue(new byte[148], out _, out Endpoint from, out _));
        return from;
    }

    private static Endpoint From(int number) => new(new IpEndpoint(IpAddress.V4(0x0A000001), (ushort)number), default, 0);

    private static byte[] Filled(byte value, int length)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
