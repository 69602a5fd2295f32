using System.Globalization;
using System.Text;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;

namespace Chasqui.Core.Config;

/// <summary>Reads an <see cref="AllowedIpsExpression"/>.</summary>
/// <remarks>
/// expression = list { ("-" | "+" | "&amp;") list }; list = item { "," item }; item = prefix | address | address "-" address | name |
/// "(" expression ")". A word ends at white space, a comma, a parenthesis, '+' or '&amp;'; a minus inside a word makes a range.
/// </remarks>
internal sealed class AllowedIpsParser
{
    /// <summary>Far more than anybody writes; an input that is made to cost time or stack ends here.</summary>
    private const int MaxLength = 1 << 20;
    private const int MaxOperators = 1000;
    private const int MaxDepth = 50;

    private readonly string _text;
    private readonly StringBuilder _written = new();
    private int _position;
    private int _operators;
    private int _depth;

    private AllowedIpsParser(string text) => _text = text;

    internal static AllowedIpsExpression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ConfigException($"the expression is longer than {MaxLength} characters; cut it into several.");
        }

        var parser = new AllowedIpsParser(text);
        PrefixSet set = parser.ReadExpression();
        return parser._position == text.Length
            ? new AllowedIpsExpression(parser._written.ToString(), set, parser._operators > 0)
            : throw parser.Wrong(parser._position, "closes nothing; remove it, or open it before");
    }

    private PrefixSet ReadExpression()
    {
        PrefixSet set = ReadList();
        while (TryReadOperator(out char sign))
        {
            _written.Append(' ').Append(sign).Append(' ');
            PrefixSet list = ReadList();
            set = sign switch
            {
                '-' => set.Except(list),
                '+' => set.Union(list),
                _ => set.Intersect(list),
            };
        }

        return set;
    }

    /// <summary>Reads the operator after a list; none at the end and before a closing parenthesis.</summary>
    private bool TryReadOperator(out char sign)
    {
        SkipSpace();
        sign = Peek();
        if (_position == _text.Length || sign == ')')
        {
            return false;
        }

        if (sign is not ('-' or '+' or '&'))
        {
            throw Wrong(_position, "follows without a comma; put a comma or an operator before it");
        }

        if (sign == '-' && _position + 1 < _text.Length && !ConfText.IsSpace(_text[_position + 1]) && _text[_position + 1] != '(')
        {
            throw Wrong(_position, "begins with a minus; put white space on both sides of the minus");
        }

        if (++_operators > MaxOperators)
        {
            throw new ConfigException($"the expression has more than {MaxOperators} operators; put commas between what is left out together.");
        }

        _position++;
        return true;
    }

    private PrefixSet ReadList()
    {
        List<PrefixSet> items = [ReadItem()];
        SkipSpace();
        while (Peek() == ',')
        {
            _position++;
            _written.Append(", ");
            items.Add(ReadItem());
            SkipSpace();
        }

        return PrefixSet.Union(items);
    }

    private PrefixSet ReadItem()
    {
        SkipSpace();
        int start = _position;
        if (Peek() == '(')
        {
            return ReadParentheses(start);
        }

        while (_position < _text.Length && !IsEnd(_text[_position]))
        {
            _position++;
        }

        string word = _text[start.._position];
        if (word is "" or "-")
        {
            throw _position == _text.Length
                ? new ConfigException($"the expression ends at column {Column(_position)} where a prefix should follow; add one, or remove what is before it.")
                : Wrong(start, "stands where a prefix should; put one before it, or remove it");
        }

        return ReadWord(word, start);
    }

    private PrefixSet ReadParentheses(int start)
    {
        if (++_depth > MaxDepth)
        {
            throw new ConfigException($"the expression has more than {MaxDepth} parentheses in each other; take some away.");
        }

        _position++;
        _written.Append('(');
        PrefixSet set = ReadExpression();
        if (Peek() != ')')
        {
            throw Wrong(start, "is never closed; add the other parenthesis", 1);
        }

        _position++;
        _depth--;
        _written.Append(')');
        return set;
    }

    private PrefixSet ReadWord(string word, int start)
    {
        if (ConfKeys.Equal(word, "all") || ConfKeys.Equal(word, "private"))
        {
            string name = ConfKeys.Equal(word, "all") ? "all" : "private";
            _written.Append(name);
            return name == "all" ? PrefixSet.All : AllowedIpsExpression.PrivateNetworks;
        }

        int minus = word.IndexOf('-', StringComparison.Ordinal);
        return minus >= 0 ? ReadRange(word, minus, start) : ReadPrefix(word, start);
    }

    private PrefixSet ReadRange(string word, int minus, int start)
    {
        if (!InetText.TryParse(word.AsSpan(0, minus), out IpAddress first) || !InetText.TryParse(word.AsSpan(minus + 1), out IpAddress last))
        {
            throw Wrong(start, "is no range of two addresses; for a difference put white space on both sides of the minus");
        }

        if (first.Bits != last.Bits)
        {
            throw Wrong(start, "goes from one family to the other; give two addresses of IPv4 or two of IPv6");
        }

        if ((first.High, first.Low).CompareTo((last.High, last.Low)) > 0)
        {
            throw Wrong(start, "ends before it begins; give the lower address first");
        }

        _written.Append(first).Append('-').Append(last);
        return PrefixSet.OfRange(first, last);
    }

    private PrefixSet ReadPrefix(string word, int start)
    {
        int slash = word.IndexOf('/', StringComparison.Ordinal);
        if (!InetText.TryParse(slash < 0 ? word : word.AsSpan(0, slash), out IpAddress address))
        {
            throw Wrong(start, "is no IPv4 or IPv6 prefix; give ADDRESS/LENGTH, a range ADDRESS-ADDRESS, all or private");
        }

        int length = address.Bits;
        if (slash >= 0 && (!int.TryParse(word.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > address.Bits))
        {
            throw Wrong(start, string.Create(CultureInfo.InvariantCulture, $"needs a length from 0 to {address.Bits} after the '/'"));
        }

        var prefix = new IpPrefix(address, length);
        _written.Append(prefix);
        return PrefixSet.Of([prefix]);
    }

    private static bool IsEnd(char c) => ConfText.IsSpace(c) || c is ',' or '(' or ')' or '+' or '&';

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private void SkipSpace()
    {
        while (_position < _text.Length && ConfText.IsSpace(_text[_position]))
        {
            _position++;
        }
    }

    private static string Column(int position) => (position + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>A mistake at a word, which ends where a word would.</summary>
    private ConfigException Wrong(int start, string what)
    {
        int end = start + 1;
        while (end < _text.Length && !IsEnd(_text[start]) && !IsEnd(_text[end]))
        {
            end++;
        }

        return Wrong(start, what, end - start);
    }

    private ConfigException Wrong(int start, string what, int length) =>
        new($"{ConfText.Quote(_text.AsSpan(start, length))} at column {Column(start)} {what}.");
}
