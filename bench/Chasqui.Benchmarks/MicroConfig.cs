using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Chasqui.Benchmarks;

/// <summary>Short runs in one process: all of it takes some minutes, and needs neither network nor compiler.</summary>
/// <remarks>
/// The minimum is the column to compare by: what else the machine does only ever adds. The native binary is timed by Chasqui.AeadBar and
/// counted by CountingTests: BenchmarkDotNet's native run compiles BenchmarkDotNet too, and was not done after ten minutes on a busy machine.
/// </remarks>
internal sealed class MicroConfig : ManualConfig
{
    internal MicroConfig(string resultsFolder)
    {
        ArtifactsPath = resultsFolder;
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(2)
            .WithIterationCount(9)
            .WithIterationTime(TimeInterval.FromMilliseconds(60)));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Min, StatisticColumn.Median);
        AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)));
        AddExporter(MarkdownExporter.GitHub);
        AddLogger(ConsoleLogger.Default);
    }
}
