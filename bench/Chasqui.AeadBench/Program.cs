using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Chasqui.AeadBench;

// The figures of docs/adr/0002:
//   dotnet run -c Release --project bench/Chasqui.AeadBench
//   dotnet publish -c Release -p:IlcInstructionSet=x86-64-v3 bench/Chasqui.AeadBench
//   DOTNET_EnableAVX512=0 in front of the JIT run shows what an AVX2 machine of the same kind does.
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 201;
string compiler = JitInfo.GetCompiledMethodCount() > 0 ? "JIT" : "NativeAOT";
Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {compiler}, " +
    $"AVX2 {Avx2.IsSupported}, AVX-512VL {Avx512F.VL.IsSupported}, {Processor()}");
Console.WriteLine($"nanoseconds a packet, minimum and (median) of {rounds} rounds, the rows of a length interleaved\n");
Console.WriteLine("| what | batch | 64 | 512 | 1420 | 8000 |\n|---|---|---|---|---|---|");

int[] lengths = [64, 512, 1420, 8000];
Case[] rows = Case.All();
string[,] cells = new string[rows.Length, lengths.Length];
for (int column = 0; column < lengths.Length; column++)
{
    Measurement[] results = Measurement.Interleaved(rows, lengths[column], rounds);
    for (int row = 0; row < rows.Length; row++)
    {
        cells[row, column] = string.Create(CultureInfo.InvariantCulture, $"{results[row].Minimum:f0} ({results[row].Median:f0})");
    }
}

for (int row = 0; row < rows.Length; row++)
{
    Console.WriteLine($"| {rows[row].Name} | {rows[row].Batch} | {cells[row, 0]} | {cells[row, 1]} | {cells[row, 2]} | {cells[row, 3]} |");
}

static string Processor()
{
    const string Path = "/proc/cpuinfo";
    if (!File.Exists(Path)) return "processor unknown";
    string[] names = ["model name", "cpu family", "model\t"];
    IEnumerable<string> lines = File.ReadLines(Path).Take(32).Where(line => names.Any(line.StartsWith));
    return string.Join(" ", lines.Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
}
