using Chasqui.Core.Config;
using Chasqui.Core.Routing;

namespace Chasqui.Core.Checks;

/// <summary>A peer of a file under check.</summary>
internal sealed class CheckedPeer
{
    private const int ShownKeyLength = 8;

    internal CheckedPeer(WgConfPeer conf, ConfSection section)
    {
        Conf = conf;
        Section = section;
        Name = section.Name is { } name ? ConfText.Clean(name) : null;
        ShortName = Name ?? (conf.HasPublicKey ? conf.PublicKey.ToString()[..ShownKeyLength] + "…" : null);
        AllowedIps = ReadAllowedIps(section);
    }

    internal WgConfPeer Conf { get; }

    internal ConfSection Section { get; }

    /// <summary>The name, fit for a terminal; null if it has none.</summary>
    internal string? Name { get; }

    /// <summary>The name, else the beginning of the public key, else null.</summary>
    internal string? ShortName { get; }

    /// <summary>What stands between the brackets of a finding.</summary>
    internal string Label => ShortName is null ? "Peer" : $"Peer {ShortName}";

    /// <summary>How other sections' findings call it.</summary>
    internal string Reference => $"{ShortName ?? "the peer"} (line {Section.Number})";

    /// <summary>The prefixes that can be read; those with a minus take away what is not there, and are not among them.</summary>
    internal IReadOnlyList<CheckedPrefix> AllowedIps { get; }

    /// <summary>Whether the file names an endpoint, good or bad.</summary>
    internal bool HasEndpoint => Section.Get(ConfKeys.Endpoint) is not null;

    internal PrefixSet AllowedSet => PrefixSet.Of(AllowedIps.Select(static prefix => prefix.Written.Prefix));

    /// <summary>The line of the value that counts; the title's if there is none.</summary>
    internal int LineOf(string key) =>
        Section.Entries.LastOrDefault(line => ConfKeys.Equal(line.Key, key))?.Number ?? Section.Number;

    private static List<CheckedPrefix> ReadAllowedIps(ConfSection section)
    {
        List<CheckedPrefix> prefixes = [];
        foreach (ConfLine line in section.Entries)
        {
            if (!ConfKeys.Equal(line.Key, ConfKeys.AllowedIps))
            {
                continue;
            }

            foreach (string word in ConfText.RemoveSpaces(line.Value).Split(','))
            {
                if (QuickAddress.TryParse(word.StartsWith('+') ? word.AsSpan(1) : word, out QuickAddress address))
                {
                    prefixes.Add(new CheckedPrefix(address, line.Number));
                }
            }
        }

        return prefixes;
    }
}
