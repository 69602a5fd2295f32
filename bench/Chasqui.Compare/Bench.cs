using System.Globalization;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Measures;
using Chasqui.Compare.Report;

namespace Chasqui.Compare;

/// <summary>The commands of the program: measure, list, render.</summary>
internal static class Bench
{
    /// <summary>The repository in which this program lies.</summary>
    /// <exception cref="LabException">It lies in none.</exception>
    public static string Root => FindRoot();

    private static string ResultsFile => Path.Combine(Root, "artifacts", "bench", "results.json");

    /// <summary>Does what the options ask for.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="LabException">It cannot be done.</exception>
    public static int Run(Options options)
    {
        if (options.IsHelp) Console.WriteLine(Options.Help);
        else if (options.IsList) List(options);
        else if (options.IsRender) Render(ResultsJson.Load(ResultsFile));
        else Measure(options);
        return 0;
    }

    private static void Measure(Options options)
    {
        if (!Environment.IsPrivilegedProcess) throw new LabException("network namespaces need root");
        IReadOnlyList<string> wanted = options.Only.Count > 0 ? options.Only
            : options.IsDiagnostics ? Catalog.DiagnosticsContenders
            : options.IsQuick ? Catalog.QuickContenders
            : [];
        IContender[] contenders = Chosen(Catalog.Contenders, c => c.Name, wanted, "contender");
        IMeasure[] measures = Chosen(MeasuresOf(options), m => m.Name, options.Measures, "measure");
        foreach (string tool in (string[])["ip", "ping", "iperf3"])
        {
            if (Programs.Find(tool) is null) throw new LabException($"this needs the tool {tool}");
        }

        Results results = Begin(options, contenders, measures);
        new Runner(contenders, measures, results).Run();
        Directory.CreateDirectory(Path.GetDirectoryName(ResultsFile)!);
        string file = options.IsWhole ? ResultsFile : Path.Combine(Path.GetDirectoryName(ResultsFile)!, "partial.json");
        ResultsJson.Save(file, results);
        Console.WriteLine();
        Console.WriteLine(Summary.Write(results));
        if (options.IsWhole) Render(results);
    }

    private static Results Begin(Options options, IReadOnlyList<IContender> contenders, IReadOnlyList<IMeasure> measures) => new()
    {
        Date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        Command = options.Command,
        Rounds = options.Rounds,
        Duration = options.Duration,
        Machine = Machine.Read(),
        Quantities = [Runner.StartTime, .. measures.SelectMany(measure => measure.Quantities)],
        Contenders = [.. contenders.Select(contender => new ContenderResult
        {
            Name = contender.Name,
            Version = contender.WhyAbsent is null ? contender.Version : "",
            Note = contender.Note,
            WhyAbsent = contender.WhyAbsent,
        })],
    };

    private static void List(Options options)
    {
        Console.WriteLine("contenders");
        foreach (IContender contender in Catalog.Contenders)
        {
            string words = contender.WhyAbsent is string why ? $"absent: {why}" : $"{contender.Version} ({contender.Note})";
            Console.WriteLine($"  {contender.Name,-20} {words}");
        }

        Console.WriteLine("measures");
        foreach (IMeasure measure in MeasuresOf(options))
        {
            Console.WriteLine($"  {measure.Name,-20} {string.Join("; ", measure.Quantities.Select(quantity => quantity.Title))}");
        }
    }

    private static void Render(Results results)
    {
        string docs = Path.Combine(Root, "docs");
        Document.Write(Path.Combine(docs, "performance.md"), results);
        Charts.Write(Path.Combine(docs, "charts"), results);
        Console.WriteLine("written: docs/performance.md, docs/charts");
    }

    private static IReadOnlyList<IMeasure> MeasuresOf(Options options) =>
        options.Measures.Count > 0 ? Catalog.Measures(options)
        : options.IsDiagnostics ? Catalog.DiagnosticsMeasures(options)
        : options.IsQuick ? Catalog.QuickMeasures(options)
        : Catalog.Measures(options);

    private static T[] Chosen<T>(IReadOnlyList<T> all, Func<T, string> name, IReadOnlyList<string> wanted, string what)
    {
        foreach (string word in wanted)
        {
            if (all.Any(one => name(one) == word)) continue;
            throw new LabException($"no {what} is called {word}; there are {string.Join(", ", all.Select(name))}");
        }

        return [.. all.Where(one => wanted.Count == 0 || wanted.Contains(name(one)))];
    }

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Chasqui.slnx"))) return folder;
        }

        throw new LabException("the program does not lie in the repository that it measures");
    }
}
