using System.Buffers;
using System.Runtime.InteropServices;
using Chasqui.Control;

namespace Chasqui.Tests.Control;

public sealed class SecretBufferTests
{
    [Fact]
    public void KeepsWhatIsWrittenWhileItGrows()
    {
        using SecretBuffer buffer = new();
        byte[] expected = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];

        foreach (byte[] piece in expected.Chunk(777))
        {
            buffer.Write(piece);
        }

        Assert.Equal(expected, buffer.WrittenSpan);
    }

    [Fact]
    public void ZeroesWhatItOutgrowsAndWhatItHolds()
    {
        SecretBuffer buffer = new();
        buffer.Write(new byte[] { 1, 2, 3 });
        Span<byte> first = Memory(buffer, 3);

        buffer.GetSpan(1_000_000)[0] = 4;
        buffer.Advance(1);
        Span<byte> second = Memory(buffer, 4);

        Assert.Equal([0, 0, 0], first.ToArray());
        Assert.Equal([1, 2, 3, 4], second.ToArray());
        buffer.Dispose();
        Assert.Equal([0, 0, 0, 0], second.ToArray());
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void RefusesToAdvancePastItsRoom()
    {
        using SecretBuffer buffer = new();
        int room = buffer.GetSpan(1).Length;

        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }

    private static Span<byte> Memory(SecretBuffer buffer, int length) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(buffer.WrittenSpan), length);
}
