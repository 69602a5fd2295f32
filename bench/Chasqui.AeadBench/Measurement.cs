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

        Case.Ours.Seal(buffer, slots);
        byte[] sealedOnce = [.. buffer];

        double[][] times = [.. cases.Select(_ => new double[rounds])];
        long warm = Stopwatch.GetTimestamp() + Stopwatch.Frequency; // tiered compilation takes its time
        for (int round = 0; round < rounds; round += Stopwatch.GetTimestamp() < warm ? 0 : 1)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                sealedOnce.CopyTo(buffer, 0); // opening needs authentic packets; outside the clock
                long start = Stopwatch.GetTimestamp();
                cases[i].Run(buffer, slots);
                long ticks = Stopwatch.GetTimestamp() - start;
                times[i][round] = ticks * (1e9 / Stopwatch.Frequency) / Packets;
                if (cases[i].Open && slots.Any(slot => !slot.IsAuthentic)) throw new InvalidOperationException(cases[i].Name);
            }
        }

        return [.. times.Select(time => time.Order().ToArray()).Select(time => new Measurement(time[0], time[rounds / 2]))];
    }
}
