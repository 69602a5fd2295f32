using System.Globalization;

namespace Chasqui.Quick;

/// <summary>Routing tables by name, as ip-route(8) knows them.</summary>
internal static class RoutingTables
{
    private static readonly string[] Files = ["/etc/iproute2/rt_tables", "/usr/share/iproute2/rt_tables", "/usr/lib/iproute2/rt_tables"];
    private static readonly string[] Folders = ["/etc/iproute2/rt_tables.d", "/usr/share/iproute2/rt_tables.d"];

    /// <summary>Finds a table's number.</summary>
    /// <param name="text">A number, decimal or after 0x, or a name.</param>
    /// <param name="table">The number, not 0.</param>
    /// <returns>Whether there is such a table.</returns>
    internal static bool TryFind(string text, out uint table)
    {
        bool isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out table)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out table);
        if (isNumber)
        {
            return table != 0;
        }

        table = text switch
        {
            "default" => 253,
            "main" => 254,
            "local" => 255,
            _ => FindInFiles(text),
        };
        return table != 0;
    }

    private static uint FindInFiles(string name)
    {
        IEnumerable<string> more = Folders.Where(Directory.Exists).SelectMany(static folder => Directory.EnumerateFiles(folder, "*.conf"));
        foreach (string line in Files.Where(File.Exists).Concat(more).SelectMany(File.ReadLines))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && words[1] == name && TryFindNumber(words[0], out uint table))
            {
                return table;
            }
        }

        return 0;
    }

    private static bool TryFindNumber(string text, out uint table)
    {
        table = 0;
        return text.Length > 0 && char.IsAsciiDigit(text[0]) && TryFind(text, out table);
    }
}
