using System.Buffers.Binary;

namespace Chasqui.Fuzz.Engine;

/// <summary>Changes an input a little, at random but repeatably.</summary>
internal sealed class Mutator(Random random, int maxLength, IReadOnlyList<byte[]> tokens)
{
    private const int MaxSteps = 8;
    private const int MaxRun = 64;

    private static readonly long[] Interesting =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 19, 20, 31, 32, 39, 40, 63, 64, 92, 127, 128, 148, 255, 256, 511, 512, 1023, 1024, 1420, 1500, 4095,
        4096, 32767, 32768, 65534, 65535, 65536, int.MaxValue, uint.MaxValue, int.MinValue, -1, -2, -8, -16, long.MaxValue, long.MinValue,
    ];

    private readonly byte[] _bytes = new byte[maxLength];
    private int _length;

    /// <summary>A changed copy of <paramref name="parent"/>; borrowed until the next call.</summary>
    /// <param name="parent">What to change.</param>
    /// <param name="other">What to take pieces from.</param>
    internal ReadOnlySpan<byte> Mutate(ReadOnlySpan<byte> parent, ReadOnlySpan<byte> other)
    {
        _length = Math.Min(parent.Length, maxLength);
        parent[.._length].CopyTo(_bytes);
        for (int steps = 1 + random.Next(MaxSteps); steps > 0; steps--)
        {
            Step(other);
        }

        return _bytes.AsSpan(0, _length);
    }

    private void Step(ReadOnlySpan<byte> other)
    {
        int kind = random.Next(12);
        if (_length == 0)
        {
            kind = 6 + random.Next(3);
        }

        switch (kind)
        {
            case 0:
                _bytes[random.Next(_length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                _bytes[random.Next(_length)] = (byte)random.Next(256);
                break;
            case 2:
                _bytes[random.Next(_length)] += (byte)(random.Next(33) - 16);
                break;
            case 3 or 4:
                WriteInteresting();
                break;
            case 5:
                Remove(random.Next(_length), 1 + random.Next(MaxRun));
                break;
            case 6:
                InsertNoise();
                break;
            case 7 when tokens.Count > 0:
                Place(tokens[random.Next(tokens.Count)]);
                break;
            case 8:
                Place(Piece(other));
                break;
            case 9:
                Place(Piece(_bytes.AsSpan(0, _length).ToArray()));
                break;
            case 10:
                _length = random.Next(8) == 0 ? random.Next(_length + 1) : _length;
                break;
            default:
                _bytes.AsSpan(random.Next(_length))[..1].Fill((byte)('0' + random.Next(10)));
                break;
        }
    }

    private void WriteInteresting()
    {
        Span<byte> number = stackalloc byte[8];
        long value = Interesting[random.Next(Interesting.Length)];
        int width = 1 << random.Next(4);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number = number[..width];
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number = number[^width..];
        }

        int at = random.Next(_length);
        number = number[..Math.Min(width, _length - at)];
        number.CopyTo(_bytes.AsSpan(at));
    }

    private void InsertNoise()
    {
        Span<byte> noise = stackalloc byte[MaxRun];
        noise = noise[..(1 + random.Next(MaxRun))];
        if (random.Next(2) == 0)
        {
            random.NextBytes(noise);
        }
        else
        {
            noise.Fill((byte)random.Next(256));
        }

        Place(noise);
    }

    /// <summary>Inserts a piece, or writes it over what is there.</summary>
    private void Place(scoped ReadOnlySpan<byte> piece)
    {
        int at = random.Next(_length + 1);
        if (random.Next(2) == 0)
        {
            int room = Math.Min(piece.Length, maxLength - _length);
            Array.Copy(_bytes, at, _bytes, at + room, _length - at);
            _length += room;
        }

        piece = piece[..Math.Min(piece.Length, _length - at)];
        piece.CopyTo(_bytes.AsSpan(at));
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        Array.Copy(_bytes, at + count, _bytes, at, _length - at - count);
        _length -= count;
    }

    private ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> source)
    {
        int from = random.Next(source.Length + 1);
        return source.Slice(from, random.Next(Math.Min(source.Length - from, 4 * MaxRun) + 1));
    }
}
