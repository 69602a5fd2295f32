using System.Globalization;
using System.Text.RegularExpressions;

namespace Chasqui.Compare.Measures;

/// <summary>The processors that this process may use.</summary>
/// <param name="First">The lowest number.</param>
/// <param name="Last">The highest; the same if there is only one.</param>
internal readonly partial record struct Processors(int First, int Last)
{
    /// <summary>Reads the list that the kernel writes: "0-1", "2,4-7".</summary>
    public static Processors Parse(string list)
    {
        int[] numbers = [.. Number().Matches(list).Select(static match => int.Parse(match.Value, CultureInfo.InvariantCulture))];
        return new Processors(numbers.Min(), numbers.Max());
    }

    /// <summary>This process's. Source: proc(5), Cpus_allowed_list.</summary>
    public static Processors Read() =>
        Parse(File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
