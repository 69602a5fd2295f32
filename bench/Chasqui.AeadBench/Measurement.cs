using System.Diagnostics;
using Chasqui.Core;

namespace Chasqui.AeadBench;

/// <summary>Nanoseconds a packet.</summary>
internal readonly record struct Measurement(double Minimum, double Median)
{
    private const int Packets = 64;
    private const int Header = 16; // WireGuard's, before each text

    /// <summary>Measures the cases round by round, so that a noisy moment of the machine falls on all of them.</summary>
    internal static Measurement[] Interleaved(Case[] cases, int length, int rounds)
    {
        int stride = (Header + length + 16 + 15) & ~15;
        byte[] buffer = GC.AllocateArray<byte>(Packets * stride, pinned: true);
        PacketSlot[] slots = GC.AllocateArray<PacketSlot>(Packets, pinned: true);
        for (int i = 0; i < Packets; i++)
        {
            slots[i] = new PacketSlot { Offset = (i * stride) + Header, Length = length, Counter = (ulong)i };
        }

        byte[] plain = [.. buffer];
        cases.Last(row => !row.Open).Run(buffer, slots); // the framework's, where there is one
        byte[] ciphertext = [.. buffer];

        double[][] times = [.. cases.Select(_ => new double[rounds])];
        long warm = Stopwatch.GetTimestamp() + Stopwatch.Frequency; // tiered compilation takes its time
        for (int round = 0; round < rounds; round += Stopwatch.GetTimestamp() < warm ? 0 : 1)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                (cases[i].Open ? ciphertext : plain).CopyTo(buffer, 0); // outside the clock
                long start = Stopwatch.GetTimestamp();
                cases[i].Run(buffer, slots);
                long ticks = Stopwatch.GetTimestamp() - start;
                times[i][round] = ticks * (1e9 / Stopwatch.Frequency) / Packets;
                Check(cases[i], buffer, slots, plain, ciphertext);
            }
        }

        return [.. times.Select(time => time.Order().ToArray()).Select(time => new Measurement(time[0], time[rounds / 2]))];
    }

    /// <summary>A wrong result has no speed: every row must give the bytes that the reference row gave.</summary>
    private static void Check(Case row, byte[] buffer, PacketSlot[] slots, byte[] plain, byte[] ciphertext)
    {
        foreach (PacketSlot slot in slots)
        {
            Range text = slot.Offset..(slot.Offset + slot.Length);
            byte[] expected = row.Open ? plain : ciphertext;
            if (!buffer.AsSpan(text).SequenceEqual(expected.AsSpan(text))) throw new InvalidOperationException(row.Name);
        }
    }
}
