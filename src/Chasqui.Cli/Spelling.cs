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
            int distance = Distance(word, candidate);
            if (distance < least && distance <= Math.Min(3, candidate.Trim('-').Length / 3))
            {
                nearest = candidate;
                least = distance;
            }
        }

        return nearest;
    }

    /// <summary>Letters to change, add, leave out or swap with their neighbours, capitals being the same. Source: Damerau 1964.</summary>
    private static int Distance(string left, string right)
    {
        int[,] distances = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                distances[i, j] = i == 0 || j == 0 ? i + j : Step(left, right, i, j, distances);
            }
        }

        return distances[left.Length, right.Length];
    }

    private static int Step(string left, string right, int i, int j, int[,] distances)
    {
        bool isSame = IsSame(left[i - 1], right[j - 1]);
        int least = Math.Min(distances[i - 1, j - 1] + (isSame ? 0 : 1), 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
        bool isSwapped = i > 1 && j > 1 && IsSame(left[i - 1], right[j - 2]) && IsSame(left[i - 2], right[j - 1]);
        return isSwapped ? Math.Min(least, distances[i - 2, j - 2] + 1) : least;
    }

    private static bool IsSame(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
