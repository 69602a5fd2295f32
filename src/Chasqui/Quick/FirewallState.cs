using System.Globalization;
using System.Net;

namespace Chasqui.Quick;

/// <summary>What the packet filter around a default route says, for one family.</summary>
/// <param name="Mark">The mark of the tunnel's own datagrams; 0 if the rules name none.</param>
/// <param name="Addresses">The protected addresses, in no order that matters.</param>
internal sealed record FirewallState(uint Mark, IReadOnlyList<string> Addresses)
{
    /// <summary>Reads what <c>nft -n list table</c> prints; text that is something else is a table without rules.</summary>
    internal static FirewallState ParseNft(string listing) => Parse(listing.Split('\n'), "daddr", "mark");

    /// <summary>Reads what <c>iptables-save</c> prints.</summary>
    /// <param name="rules">The rules of all tables.</param>
    /// <param name="marker">What marks the lines that are ours.</param>
    /// <returns>Null if there are none of ours.</returns>
    internal static FirewallState? ParseIptables(string rules, string marker)
    {
        string[] ours = [.. rules.Split('\n').Where(line => line.Contains(marker, StringComparison.Ordinal))];
        return ours.Length == 0 ? null : Parse(ours, "-d", "--mark");
    }

    /// <summary>Whether the rules do the same.</summary>
    internal bool IsSame(FirewallState? other) =>
        other is not null && Mark == other.Mark && Addresses.ToHashSet().SetEquals(other.Addresses);

    private static FirewallState Parse(IEnumerable<string> lines, string addressWord, string markWord)
    {
        uint mark = 0;
        List<string> addresses = [];
        foreach (string line in lines)
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (ValueAfter(words, addressWord) is { } text && IPAddress.TryParse(text.Split('/')[0], out IPAddress? address))
            {
                addresses.Add(address.ToString());
            }

            if (ValueAfter(words, markWord) is { } number && TryReadMark(number, out uint found))
            {
                mark = found;
            }
        }

        return new FirewallState(mark, addresses);
    }

    private static string? ValueAfter(string[] words, string word)
    {
        int at = Array.IndexOf(words, word);
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : null;
    }

    // iptables writes 0xca6c/0xffffffff only for other masks, and nft zeros in front.
    private static bool TryReadMark(string text, out uint mark) => text.StartsWith("0x", StringComparison.Ordinal)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out mark)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out mark);
}
