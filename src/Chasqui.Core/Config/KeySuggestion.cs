namespace Chasqui.Core.Config;

/// <summary>Tells what somebody may have meant by a key that a section does not have.</summary>
internal static class KeySuggestion
{
    /// <summary>Longer than any key that there is: <see cref="UnrecognizedLine"/> lets no longer one through.</summary>
    private const int MaxLength = 32;

    /// <summary>Parts of keys shorter than this mean nothing.</summary>
    private const int MinPart = 4;

    /// <summary>A sentence about a key that stock refuses where it stands.</summary>
    internal static string For(string key, bool isInterface)
    {
        bool isOfInterface = Has(ConfKeys.OfInterface, key), isOfQuick = Has(ConfKeys.OfQuick, key);
        if (isInterface && isOfQuick)
        {
            return "the key is for wg-quick, not for wg; give wg what `wg-quick strip' prints of the file.";
        }

        if (isOfInterface || isOfQuick || Has(ConfKeys.OfPeer, key))
        {
            return $"the key belongs to {(isInterface ? "[Peer]" : "[Interface]")}; move it there.";
        }

        string problem = $"there is no such key in {(isInterface ? "an [Interface]" : "a [Peer]")} section";
        if (ConfKeys.Equal(key, ConfSection.NameLabel))
        {
            return $"{problem}; write a name as a comment, # Name = ….";
        }

        IReadOnlyList<string> ofInterface = [.. ConfKeys.OfInterface, .. ConfKeys.OfQuick];
        if (Nearest(isInterface ? ofInterface : ConfKeys.OfPeer, key) is { } near)
        {
            return $"{problem}; did you mean {near}?";
        }

        return Nearest(isInterface ? ConfKeys.OfPeer : ofInterface, key) is { } far
            ? $"{problem}; did you mean {far}, which belongs to {(isInterface ? "[Peer]" : "[Interface]")}?"
            : $"{problem}; correct it, move it, or leave it out.";
    }

    private static bool Has(IReadOnlyList<string> keys, string key) => keys.Any(known => ConfKeys.Equal(known, key));

    private static string? Nearest(IReadOnlyList<string> keys, string key)
    {
        string? nearest = null;
        int smallest = (key.Length / 3) + 1;
        foreach (string known in key.Length > MaxLength ? [] : keys)
        {
            bool isPart = key.Length >= MinPart && known.Contains(key, StringComparison.OrdinalIgnoreCase);
            int distance = isPart ? 0 : EditDistance.Between(known, key);
            if (distance < smallest)
            {
                (nearest, smallest) = (known, distance);
            }
        }

        return nearest;
    }
}
