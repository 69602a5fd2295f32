using Chasqui.Compare;

namespace Chasqui.Siege.Soak;

/// <summary>The command.</summary>
internal static class SoakCommand
{
    /// <summary>Soaks, prints, writes the files.</summary>
    /// <returns>The exit code: 1 if something grew, drifted or arrived wrong.</returns>
    /// <exception cref="LabException">It could not begin.</exception>
    public static int Run(SoakOptions options)
    {
        if (options.IsHelp)
        {
            Console.WriteLine(SoakOptions.Help);
            return 0;
        }

        Daemons.RequireTools("ip", "wg", "ping");
        Console.WriteLine($"{options.Command}");
        var run = new SoakRun(options);
        SoakResult result = run.Run();
        Console.Write(SoakTable.Write(result));
        string folder = options.Out ?? Path.Combine(Bench.Root, "artifacts", "soak");
        SoakJson.Save(Path.Combine(folder, "results.json"), new SoakRecord(result, run.Samples[0], run.Samples[1]));
        SoakJson.Save(options.IsDocumented ? Path.Combine(Bench.Root, "docs", "security", "soak.json") : Path.Combine(folder, "soak.json"), result);
        Console.WriteLine(result.Passed ? "soak: passed" : $"soak: FAILED, {result.Failures.Count} of its demands");
        return result.Passed ? 0 : 1;
    }
}
