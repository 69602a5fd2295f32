using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>Arithmetic of prefixes as people write it: <c>0.0.0.0/0, ::/0 - 192.168.0.0/16, private</c>.</summary>
/// <remarks>
/// A list is made of prefixes, addresses, ranges <c>10.0.0.1-10.0.0.9</c>, the names <c>all</c> and <c>private</c>, and expressions in
/// parentheses, with commas between them. Between lists stand <c>-</c> (without), <c>+</c> (and also) and <c>&amp;</c> (only what is also
/// in), with white space around the minus; they are worked out from left to right. So a comma binds most: everything in the list after a
/// minus is left out. As in stock tools, bits after a prefix's length do not count.
/// </remarks>
public sealed class AllowedIpsExpression
{
    private readonly string _text;
    private readonly PrefixSet _set;

    internal AllowedIpsExpression(string text, PrefixSet set, bool hasOperator)
    {
        _text = text;
        _set = set;
        HasOperator = hasOperator;
    }

    /// <summary>The addresses that private networks use: RFC 1918, RFC 4193, and those of a link (RFC 3927, RFC 4291).</summary>
    public static PrefixSet PrivateNetworks { get; } = PrefixSet.Of(
    [
        Prefix(10, 0, 8), Prefix(172, 16, 12), Prefix(192, 168, 16), Prefix(169, 254, 16),
        new IpPrefix(IpAddress.V6(0xfc00UL << 48, 0), 7), new IpPrefix(IpAddress.V6(0xfe80UL << 48, 0), 10),
    ]);

    /// <summary>Whether it is more than one list: whether <c>-</c>, <c>+</c> or <c>&amp;</c> is in it.</summary>
    public bool HasOperator { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="ConfigException">It is none; the sentence names the value, the column and the remedy.</exception>
    public static AllowedIpsExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return AllowedIpsParser.Parse(text);
    }

    /// <summary>This expression without what another one takes: <c>this - other</c>.</summary>
    public AllowedIpsExpression Without(AllowedIpsExpression other)
    {
        ArgumentNullException.ThrowIfNull(other);
        string left = _text, right = other.HasOperator ? $"({other})" : other._text;
        return new AllowedIpsExpression($"{left} - {right}", _set.Except(other._set), hasOperator: true);
    }

    /// <summary>The addresses.</summary>
    public PrefixSet ToSet() => _set;

    /// <summary>The fewest prefixes that are exactly the addresses: IPv4 before IPv6, each from the lowest up. May be empty.</summary>
    public IReadOnlyList<IpPrefix> Compute() => _set.ToPrefixes();

    /// <summary>The expression with one space around operators and after commas. Reading it again gives the same.</summary>
    public override string ToString() => _text;

    /// <summary>Whether a comment's text has an operator as people write one: not between addresses of a list that was commented out.</summary>
    internal static bool LooksLikeFormula(string text)
    {
        for (int i = 1; i + 1 < text.Length; i++)
        {
            if (text[i] is '-' or '+' or '&' && ConfText.IsSpace(text[i - 1]) && ConfText.IsSpace(text[i + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static IpPrefix Prefix(byte first, byte second, int length) =>
        new(IpAddress.V4(((uint)first << 24) | ((uint)second << 16)), length);
}
