using Chasqui.Core.Config;

namespace Chasqui.Cli;

/// <summary>Finds what a misspelt word was meant to be.</summary>
internal static class Spelling
{
    private const int MaxLength = 64;

    /// <summary>The known word that is nearest: at most a third of it, and three letters, changed, added, left out or swapped.</summary>
    /// <returns>The word; null if none is near.</returns>
    internal static string? Nearest(string word, IEnumerable<string> known)
    {
        string? nearest = null;
        int least = int.MaxValue;
        foreach (string candidate in word.Length > MaxLength ? [] : known)
        {
            int distance = EditDistance.Between(word, candidate);
            if (distance < least && distance <= Math.Min(3, candidate.Trim('-').Length / 3))
            {
                nearest = candidate;
                least = distance;
            }
        }

        return nearest;
    }
}
