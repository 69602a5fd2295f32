using System.Text;
using Chasqui.Core;
using Chasqui.Core.Diagnostics;

namespace Chasqui.Metrics;

/// <summary>Enums as words of labels: <c>InvalidMac1</c> is <c>invalid_mac1</c>. They stay.</summary>
public static class MetricsWords
{
    /// <summary>The word of a reason.</summary>
    public static string Of(DropReason reason) => Of(reason.ToString());

    /// <summary>The word of a kind of event.</summary>
    public static string Of(TunnelEventKind kind) => Of(kind.ToString());

    private static string Of(string name)
    {
        var word = new StringBuilder();
        foreach (char c in name)
        {
            _ = char.IsAsciiLetterUpper(c) && word.Length > 0 ? word.Append('_') : word;
            word.Append(char.ToLowerInvariant(c));
        }

        return word.ToString();
    }
}
