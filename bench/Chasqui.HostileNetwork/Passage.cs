using System.Buffers;
using System.Diagnostics;

namespace Chasqui.HostileNetwork;

/// <summary>One direction of a <see cref="Middlebox"/>: decides what happens to a datagram, and sends it when its time has come.</summary>
/// <param name="seed">What happens follows from it and from the datagrams' order alone.</param>
/// <param name="ringLength">How many datagrams are kept for replay.</param>
/// <param name="send">Sends; false if there is no way.</param>
internal sealed class Passage(int seed, int ringLength, Passage.Sender send)
{
    private const int MostCorruptedBytes = 4;
    private const byte DataMessage = 4;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Waiting, long> _waiting = new();
    private readonly byte[] _old = new byte[ushort.MaxValue];
    private long _lineFreeAt;

    /// <summary>Sends a datagram on its way.</summary>
    internal delegate bool Sender(ReadOnlySpan<byte> datagram);

    /// <summary>What has happened.</summary>
    public PassageCounts Counts { get; } = new();

    /// <summary>What it has seen.</summary>
    public SeenRing Seen { get; } = new(ringLength);

    /// <summary>Takes one datagram, and sends it or keeps it for later.</summary>
    /// <param name="datagram">The datagram; may be altered.</param>
    /// <param name="weather">What may happen to it.</param>
    public void Take(Span<byte> datagram, Weather weather)
    {
        Count(datagram);
        Seen.Add(datagram);

        // Drawn for every datagram, whatever becomes of it: what happens to the next does not depend on what happened to this one.
        bool isLost = Draw(weather.Loss), isCorrupted = Draw(weather.Corrupt), isReordered = Draw(weather.Reorder);
        bool isDuplicated = Draw(weather.Duplicate), isFollowed = Draw(weather.Replay);
        double jitter = _random.NextDouble();
        if (isLost)
        {
            Counts.Lost++;
            return;
        }

        long now = Stopwatch.GetTimestamp(), due = now + Ticks(weather.Delay) + (long)(Ticks(weather.Jitter) * jitter);
        if (isReordered)
        {
            Counts.Reordered++;
            due += Ticks(weather.ReorderBy);
        }

        if (isCorrupted) Corrupt(datagram);
        Pass(datagram, now, due, weather);
        if (isDuplicated)
        {
            Counts.Duplicated++;
            Pass(datagram, now, due, weather);
        }

        if (isFollowed) Replay(now, due, weather);
    }

    /// <summary>Sends what is due.</summary>
    /// <returns>Milliseconds until something is; <paramref name="most"/> at most.</returns>
    public int SendDue(int most)
    {
        while (_waiting.TryPeek(out Waiting waiting, out long due))
        {
            long left = due - Stopwatch.GetTimestamp();
            if (left > 0) return (int)Math.Clamp((left * 1000 / Stopwatch.Frequency) + 1, 1, most);
            _waiting.Dequeue();
            Send(waiting.Bytes.AsSpan(0, waiting.Length));
            ArrayPool<byte>.Shared.Return(waiting.Bytes);
        }

        return most;
    }

    private static long Ticks(TimeSpan span) => span.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond;

    private bool Draw(double share) => _random.NextDouble() < share;

    private void Count(ReadOnlySpan<byte> datagram)
    {
        Counts.Received++;
        Counts.ReceivedBytes += datagram.Length;
        if (datagram.IsEmpty || datagram[0] != DataMessage) return;
        Counts.ReceivedData++;
        Counts.ReceivedDataBytes += datagram.Length;
    }

    private void Corrupt(Span<byte> datagram)
    {
        if (datagram.IsEmpty) return;
        Counts.Corrupted++;
        for (int i = _random.Next(MostCorruptedBytes); i >= 0; i--)
        {
            datagram[_random.Next(datagram.Length)] ^= (byte)_random.Next(1, 256);
        }
    }

    private void Replay(long now, long due, Weather weather)
    {
        int length = Seen.Copy(_random.Next(Seen.Count), _old);
        Counts.Replayed++;
        Pass(_old.AsSpan(0, length), now, due, weather);
    }

    private void Pass(ReadOnlySpan<byte> datagram, long now, long due, Weather weather)
    {
        if (weather.BitsPerSecond > 0)
        {
            long start = Math.Max(now, _lineFreeAt);
            if (start - now > Ticks(weather.LongestQueue))
            {
                Counts.Queued++;
                return;
            }

            _lineFreeAt = start + (datagram.Length * 8 * Stopwatch.Frequency / weather.BitsPerSecond);
            due += _lineFreeAt - now;
        }

        if (due <= now)
        {
            Send(datagram);
            return;
        }

        byte[] kept = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(kept);
        _waiting.Enqueue(new Waiting(kept, datagram.Length), due);
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        if (!send(datagram))
        {
            Counts.Unsent++;
            return;
        }

        Counts.Sent++;
        Counts.SentBytes += datagram.Length;
    }

    private readonly record struct Waiting(byte[] Bytes, int Length);
}
