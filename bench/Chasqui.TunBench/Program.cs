using System.Diagnostics;
using Chasqui.TunBench;

// Variants are interleaved round by round and the minimum is printed: the machine's other work only ever adds.
const int Rounds = 200;
const double PacketsPerRun = Workload.Segments * Workload.RunsPerRound;

var workload = new Workload();
(string Name, Action Run)[] variants =
[
    ("copy alone", workload.Copy),
    ("sum alone", workload.Sum),
    ("copy, then sum", workload.CopyThenSum),
    ("copy and sum in one pass", workload.CopyAndSum),
    ("sum, scalar", workload.SumScalar),
    ("cut TCP over IPv4", workload.CutTcp4),
    ("cut TCP over IPv6", workload.CutTcp6),
    ("cut UDP over IPv4", workload.CutUdp4),
    ("join TCP over IPv4", workload.JoinTcp4),
    ("join TCP over IPv6", workload.JoinTcp6),
    ("join UDP over IPv4", workload.JoinUdp4),
    ("join 8 flows interleaved", workload.JoinInterleaved),
    ("pass bare acknowledgements", workload.PassAcks),
];

double[] best = [.. variants.Select(_ => double.MaxValue)];
for (int round = 0; round < Rounds; round++)
{
    for (int i = 0; i < variants.Length; i++)
    {
        long start = Stopwatch.GetTimestamp();
        variants[i].Run();
        best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(start).TotalNanoseconds / PacketsPerRun);
    }
}

Console.WriteLine($"ns a packet of {Workload.PacketLength} bytes, minimum of {Rounds} rounds");
for (int i = 0; i < variants.Length; i++)
{
    Console.WriteLine($"{variants[i].Name,-30} {best[i],8:F1}");
}
