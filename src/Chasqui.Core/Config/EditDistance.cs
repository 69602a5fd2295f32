namespace Chasqui.Core.Config;

/// <summary>How far a misspelt word is from one that is known.</summary>
public static class EditDistance
{
    /// <summary>Counts the letters to change, add, leave out or swap with their neighbours, capitals being the same.</summary>
    /// <remarks>Takes time and memory of one length times the other: callers bound both. Source: Damerau 1964.</remarks>
    public static int Between(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
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
        int changed = distances[i - 1, j - 1] + (IsSame(left[i - 1], right[j - 1]) ? 0 : 1);
        int least = Math.Min(changed, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
        bool isSwapped = i > 1 && j > 1 && IsSame(left[i - 1], right[j - 2]) && IsSame(left[i - 2], right[j - 1]);
        return isSwapped ? Math.Min(least, distances[i - 2, j - 2] + 1) : least;
    }

    private static bool IsSame(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
