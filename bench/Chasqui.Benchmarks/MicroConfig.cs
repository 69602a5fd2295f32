using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Toolchains.NativeAot;
using Perfolizer.Horology;

namespace Chasqui.Benchmarks;

/// <summary>Short runs in one process: all of it takes some minutes, and needs neither network nor compiler.</summary>
/// <remarks>The minimum is the column to compare by: what else the machine does only ever adds.</remarks>
internal sealed class MicroConfig : ManualConfig
{
    internal MicroConfig(string resultsFolder, bool isNative)
    {
        ArtifactsPath = resultsFolder;
        BuildTimeout = TimeSpan.FromMinutes(20); // the native compiler on a small machine
        AddJob(Job.Default
            .WithToolchain(isNative ? NativeToolchain() : InProcessEmitToolchain.Instance)
            .WithWarmupCount(2)
            .WithIterationCount(9)
            .WithIterationTime(TimeInterval.FromMilliseconds(60)));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Min, StatisticColumn.Median);
        AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)));
        AddExporter(MarkdownExporter.GitHub);
        AddLogger(ConsoleLogger.Default);
    }

    private static IToolchain NativeToolchain() => NativeAotToolchain.CreateBuilder()
        .UseNuGet("", "")
        .IlcInstructionSet("x86-64-v3")
        .IlcOptimizationPreference("Speed")
        .TargetFrameworkMoniker("net10.0")
        .ToToolchain();
}
