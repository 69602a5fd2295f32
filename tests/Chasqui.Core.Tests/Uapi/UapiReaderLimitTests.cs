using System.Diagnostics;
using System.Globalization;
using System.Text;
using Chasqui.Core.Uapi;
using static Chasqui.Core.Tests.Uapi.UapiTestText;

namespace Chasqui.Core.Tests.Uapi;

/// <summary>The reader against clients that send too much, or nonsense.</summary>
public sealed class UapiReaderLimitTests
{
    [Fact]
    public void AnEndlessLineIsRefusedInBoundedMemory()
    {
        using var reader = new UapiReader(null);
        byte[] piece = new byte[1000];
        Array.Fill(piece, (byte)'a');
        long before = GC.GetAllocatedBytesForCurrentThread();
        int pieces = 0;
        UapiOperation? operation;
        ReadOnlySpan<byte> bytes;
        do
        {
            bytes = piece;
            pieces++;
        }
        while (!reader.TryRead(ref bytes, out operation));

        Assert.Equal((UapiReader.MaxLineLength / 1000) + 1, pieces);
        Assert.Equal(UapiError.Io, operation.Failure!.Errno);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Theory]
    [InlineData(UapiReader.MaxLineLength, UapiError.Invalid)]
    [InlineData(UapiReader.MaxLineLength + 1, UapiError.Io)]
    public void TheLongestLineHas4096Bytes(int length, int errno)
    {
        string line = "x=".PadRight(length, 'y');
        UapiOperation whole = Read(Lines("set=1", line, ""));
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> head = Encoding.ASCII.GetBytes("set=1\n" + line[..^1]);
        ReadOnlySpan<byte> tail = Encoding.ASCII.GetBytes(line[^1..] + "\n\n");

        Assert.False(reader.TryRead(ref head, out _));
        Assert.True(reader.TryRead(ref tail, out UapiOperation? pieces));
        Assert.Equal(errno, whole.Failure!.Errno);
        Assert.Equal(errno, pieces.Failure!.Errno);
    }

    [Fact]
    public void AnEndlessOperationIsRefused()
    {
        using var reader = new UapiReader(null, maxOperationLength: 1000);
        ReadOnlySpan<byte> bytes = "set=1\n"u8;
        UapiOperation? operation;
        int lines = 0;
        while (!reader.TryRead(ref bytes, out operation))
        {
            bytes = "fwmark=1\n"u8;
            lines++;
        }

        Assert.Equal(((1000 - 6) / 9) + 1, lines);
        Assert.Equal(UapiError.TooLong, operation.Failure!.Errno);
    }

    [Fact]
    public void TheLimitCountsForEachOperationAnew()
    {
        using var reader = new UapiReader(null, maxOperationLength: 20);
        for (int i = 0; i < 100; i++)
        {
            ReadOnlySpan<byte> bytes = "set=1\nfwmark=1\n\n"u8;
            Assert.True(reader.TryRead(ref bytes, out UapiOperation? operation));
            Assert.Equal(UapiOperationKind.Set, operation.Kind);
        }
    }

    [Fact]
    public void ReadsTwice65025PrefixesOfOnePeerInLinearTimeAndMemory()
    {
        long start = Stopwatch.GetTimestamp();
        long small = Allocated(Prefixes(65_025 * 2 / 8)), large = Allocated(Prefixes(65_025 * 2));

        // 22 ms on an idle machine (bench/Chasqui.Benchmarks). The bound is for machines that are not; a quadratic reader takes minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
        Assert.InRange(large, small * 6, small * 10);
        Assert.InRange(large, 0, 65_025 * 2 * 250);
    }

    [Fact]
    public void RandomGarbageNeverThrows()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        byte[][] fragments = [.. EveryKey.Split('\n').Select(Encoding.ASCII.GetBytes)];
        byte[] buffer = new byte[512];
        for (int i = 0; i < 200_000; i++)
        {
            int length = Garbage(random, fragments, buffer);
            using var reader = new UapiReader(InterfaceIndex);
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, length);
            try
            {
                while (reader.TryRead(ref bytes, out UapiOperation? operation) && operation.Kind != UapiOperationKind.Refused)
                {
                    operation.Dispose();
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {Seed}, iteration {i}: {e}");
            }
        }
    }

    [Fact]
    public void ALineThatCameInPiecesIsZeroedAfterUse()
    {
        var lines = new UapiLineBuffer(100);
        ReadOnlySpan<byte> head = "private_"u8, tail = "key=secret\nfwmark"u8;

        Assert.Equal(UapiLineStatus.Incomplete, lines.Take(ref head, out _));
        Assert.Equal(UapiLineStatus.Complete, lines.Take(ref tail, out ReadOnlySpan<byte> line));
        Assert.True(line.SequenceEqual("private_key=secret"u8));
        Assert.Equal(UapiLineStatus.Incomplete, lines.Take(ref tail, out _));

        Assert.Equal(-1, line[6..].IndexOfAnyExcept((byte)0));
        lines.Clear();
        Assert.Equal(-1, line.IndexOfAnyExcept((byte)0));
    }

    private static byte[] Prefixes(int count)
    {
        var text = new StringBuilder("set=1\n").Append(CultureInfo.InvariantCulture, $"public_key={PublicHexA}\n");
        for (int i = 0; i < count; i++)
        {
            string prefix = i % 2 == 0 ? $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32" : $"fd00:{i >> 16:x}:{i & 0xffff:x}::1/128";
            text.Append(CultureInfo.InvariantCulture, $"allowed_ip={prefix}\n");
        }

        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    private static long Allocated(byte[] text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new UapiReader(null);
        ReadOnlySpan<byte> bytes = text;
        Assert.True(reader.TryRead(ref bytes, out UapiOperation? operation));
        Assert.Equal(UapiOperationKind.Set, operation.Kind);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Noise, or lines of a good operation in any order with some bytes changed.</summary>
    private static int Garbage(Random random, byte[][] fragments, byte[] buffer)
    {
        int length = random.Next(buffer.Length / 4);
        if (random.Next(4) == 0)
        {
            random.NextBytes(buffer.AsSpan(0, length));
            return length;
        }

        length = 0;
        for (int i = random.Next(6); i >= 0; i--)
        {
            byte[] fragment = fragments[i == 5 ? 0 : random.Next(fragments.Length)];
            fragment.CopyTo(buffer, length);
            length += fragment.Length;
            buffer[length++] = (byte)'\n';
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            buffer[random.Next(length)] = (byte)random.Next(256);
        }

        return length;
    }
}
