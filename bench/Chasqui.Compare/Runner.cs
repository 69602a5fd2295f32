using System.Diagnostics;
using System.Globalization;
using Chasqui.Compare.Contenders;
using Chasqui.Compare.Measures;
using Chasqui.Compare.Report;

namespace Chasqui.Compare;

/// <summary>Runs the contenders in turn, round by round, and prints as it goes.</summary>
/// <param name="contenders">Who.</param>
/// <param name="measures">What, in this order.</param>
/// <param name="results">Gets the values.</param>
internal sealed class Runner(IReadOnlyList<IContender> contenders, IReadOnlyList<IMeasure> measures, Results results)
{
    /// <summary>From the start of the first daemon to the first answer of a ping, the configuration by wg(8) and ip(8) included.</summary>
    public static Quantity StartTime { get; } = new("start", "start to the first ping's answer", "ms", IsMoreBetter: false, 0);

    /// <summary>Runs all rounds. What fails is noted and left out, and the rest goes on.</summary>
    public void Run()
    {
        IContender[] present = [.. contenders.Where(contender => contender.WhyAbsent is null)];
        for (int round = 0; round < results.Rounds; round++)
        {
            for (int i = 0; i < present.Length; i++)
            {
                // Each round begins with another one, so that none always runs behind the same.
                IContender contender = present[(i + round) % present.Length];
                Console.WriteLine($"round {round + 1} of {results.Rounds}: {contender.Name} {contender.Version}");
                Measure(contender, results.Find(contender.Name)!);
            }
        }
    }

    private void Measure(IContender contender, ContenderResult result)
    {
        using var lab = new Lab();
        try
        {
            long begun = Stopwatch.GetTimestamp();
            contender.Start(lab);
            long start = lab.FirstStart > 0 ? lab.FirstStart : begun; // a kernel's tunnel has no daemon to start
            Keep(result, new Figure(StartTime, Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            foreach (IMeasure measure in measures) Measure(lab, measure, contender, result);
        }
        catch (LabException failure) when (!lab.IsInterrupted)
        {
            Note(result, failure.Message);
        }
        catch (Exception) when (lab.IsInterrupted)
        {
            Thread.Sleep(Timeout.Infinite); // the signal's handler cleans up and ends the process
        }
    }

    private static void Measure(Lab lab, IMeasure measure, IContender contender, ContenderResult result)
    {
        try
        {
            foreach (Figure figure in measure.Run(lab, contender)) Keep(result, figure);
        }
        catch (LabException failure) when (!lab.IsInterrupted)
        {
            Note(result, $"{measure.Name}: {failure.Message}");
        }
    }

    private static void Keep(ContenderResult result, Figure figure)
    {
        Quantity quantity = figure.Quantity;
        if (!result.Values.TryGetValue(quantity.Key, out List<double>? values)) result.Values[quantity.Key] = values = [];
        values.Add(figure.Value);
        string value = figure.Value.ToString($"F{quantity.Decimals}", CultureInfo.InvariantCulture);
        Console.WriteLine($"  {quantity.Title,-50} {value,10} {quantity.Unit}");
    }

    private static void Note(ContenderResult result, string failure)
    {
        result.Failures.Add(failure);
        Console.WriteLine($"  failed: {failure}");
    }
}
