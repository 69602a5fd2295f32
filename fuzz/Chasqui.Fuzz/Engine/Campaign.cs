namespace Chasqui.Fuzz.Engine;

/// <summary>Runs targets towards the numbers that docs/security.md promises, in pieces that are noted when they are done.</summary>
internal static class Campaign
{
    private const long GoalOfTheCore = 100_000_000;
    private const long Goal = 10_000_000;
    private const int PieceSeconds = 60;

    /// <summary>Entries that a target is to reach in all its campaigns.</summary>
    internal static long GoalOf(IFuzzTarget target) => target is Targets.StormTarget ? GoalOfTheCore : Goal;

    /// <summary>Runs one target until it has its number or the time is over; keeps the inputs that reached something.</summary>
    /// <param name="target">The target.</param>
    /// <param name="seconds">The time.</param>
    /// <param name="run">Runs a piece on a corpus: seconds, and inputs besides those of the repository.</param>
    /// <returns>Whether nothing was found.</returns>
    internal static bool Run(IFuzzTarget target, int seconds, Func<int, IReadOnlyList<byte[]>, FuzzReport> run)
    {
        var found = new List<byte[]>();
        CampaignTotal total = CampaignTotals.OfRepository.Of(target.Name);
        for (int left = seconds; left > 0 && total.Entries < GoalOf(target); left -= PieceSeconds)
        {
            FuzzReport report = run(Math.Min(left, PieceSeconds), found);
            found.AddRange(report.Found);
            CampaignTotals.OfRepository.Add(target, report);
            total = CampaignTotals.OfRepository.Of(target.Name);
            if (report.Finding is not null)
            {
                return false;
            }
        }

        Console.WriteLine($"{target.Name}: {total.Entries:N0} of {GoalOf(target):N0} entries in all");
        Storage.AddToCorpus(target, found);
        return true;
    }
}
