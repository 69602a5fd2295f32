using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.Intrinsics.X86;
using Chasqui.AeadBar;

// Chasqui.AeadBar [ROUNDS]: every round measures each row once, a second of the processor's time each, on one core; the rows are
// compared round by round, so that what else the machine does falls on both.
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
using (var self = Process.GetCurrentProcess())
{
    self.ProcessorAffinity = 1 << (Environment.ProcessorCount - 1); // openssl inherits it
}

string compiler = JitInfo.GetCompiledMethodCount() > 0 ? "JIT" : "NativeAOT";
Console.WriteLine($"{OpenSslSpeed.Version()}; {compiler}, AVX2 {Avx2.IsSupported}, AVX-512VL {Avx512F.VL.IsSupported}");
Console.WriteLine($"nanoseconds a packet, median of {rounds} rounds; ratio: openssl's time by ours, median (lowest to highest)\n");
Console.WriteLine("| bytes | batch | seal | open | openssl speed | seal, ratio | open, ratio |\n|---|---|---|---|---|---|---|");
foreach (int length in (int[])[64, 512, 1420, 8000])
{
    int[] batches = length == 1420 ? [1, 8, 64] : [64];
    foreach (int batch in batches)
    {
        PrintRow(length, batch, rounds);
    }
}

static void PrintRow(int length, int batch, int rounds)
{
    using var work = new AeadWork(length, batch);
    double[] seal = new double[rounds], open = new double[rounds], openSsl = new double[rounds];
    for (int round = 0; round < rounds; round++)
    {
        seal[round] = work.SealNanoseconds();
        openSsl[round] = OpenSslSpeed.Nanoseconds(length);
        open[round] = work.OpenNanoseconds();
    }

    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {length} | {batch} | {Median(seal):f0} | {Median(open):f0} | {Median(openSsl):f0} | {Ratios(openSsl, seal)} | {Ratios(openSsl, open)} |"));
}

static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

static string Ratios(double[] theirs, double[] ours)
{
    double[] ratios = [.. theirs.Zip(ours, (their, our) => their / our).Order()];
    return string.Create(CultureInfo.InvariantCulture, $"{ratios[ratios.Length / 2]:f2} ({ratios[0]:f2} to {ratios[^1]:f2})");
}
