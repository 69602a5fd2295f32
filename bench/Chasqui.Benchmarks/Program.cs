using BenchmarkDotNet.Running;
using Chasqui.Benchmarks;

// ./build.sh micro [FILTER]; without it, from the repository's root:
//   dotnet run -c Release --project bench/Chasqui.Benchmarks -- --filter '*Aead*'
// DOTNET_EnableAVX512=0 in front shows what a machine with AVX2 alone does, which is what the published binary is compiled for.
string folder = Path.GetFullPath(Environment.GetEnvironmentVariable("CHASQUI_MICRO_RESULTS") ?? Path.Combine("artifacts", "micro"));
BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(args, new MicroConfig(folder));
