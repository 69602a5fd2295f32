namespace Chasqui.Core.Checks;

/// <summary>Finds what is wrong in configuration files, all of it in one pass, beyond what stock tools refuse at the first mistake.</summary>
/// <remarks>
/// Pure: what the machine would have to be asked is in the subjects. A file that stock <c>wg-quick strip</c> and <c>wg setconf</c> refuse
/// has at least one error. Deterministic: findings are in the order of the files, then of the lines, then of <see cref="CheckRule"/>.
/// </remarks>
public static class ConfCheck
{
    /// <summary>Checks one file.</summary>
    public static IReadOnlyList<CheckFinding> Run(CheckSubject subject) => Run([subject]);

    /// <summary>Checks files, and those that are each other's ends against each other.</summary>
    public static IReadOnlyList<CheckFinding> Run(IReadOnlyList<CheckSubject> subjects)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        List<CheckedConf> confs = [];
        try
        {
            foreach (CheckSubject subject in subjects)
            {
                var conf = new CheckedConf(subject);
                confs.Add(conf);
                RunOne(conf);
            }

            PairChecks.Run(confs);
            return [.. confs.SelectMany(static conf => conf.Findings
                .OrderBy(static finding => finding.Line)
                .ThenBy(static finding => finding.Rule)
                .ThenBy(static finding => finding.Key, StringComparer.Ordinal)
                .ThenBy(static finding => finding.Problem, StringComparer.Ordinal))];
        }
        finally
        {
            confs.ForEach(static conf => conf.Dispose());
        }
    }

    private static void RunOne(CheckedConf conf)
    {
        FileChecks.Run(conf);
        StockChecks.Run(conf);
        StructureChecks.Run(conf);
        QuickChecks.Run(conf);
        KeyChecks.Run(conf);
        AllowedIpChecks.Run(conf);
        EndpointChecks.Run(conf);
    }
}
