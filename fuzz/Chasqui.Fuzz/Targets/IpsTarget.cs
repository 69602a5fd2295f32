using System.Text;
using Chasqui.Core.Config;
using Chasqui.Core.Routing;
using Chasqui.Core.Wire;
using Chasqui.Fuzz.Engine;

namespace Chasqui.Fuzz.Targets;

/// <summary>Arithmetic of prefixes.</summary>
internal sealed class IpsTarget : IFuzzTarget
{
    public string Name => "ips";

    public string Summary => "AllowedIpsExpression: refused in one line, or read again as it is written; results sorted, apart and exact";

    public int MaxLength => 300;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "0.0.0.0/0, ::/0 - 192.168.0.0/16, private"u8],
        [.. "(10.0.0.0/8 - 10.0.0.1-10.0.0.9) & all + fd00::1"u8],
        [.. "255.255.255.255, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1 - ::1-ffff::"u8],
    ];

    public IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { " - ", " + ", " & ", ", ", "(", ")", "-", "all", "private", "::/0", "0.0.0.0/0", "10.0.0.0/8", "/32", "/128", "ffff::" }.Select(Encoding.ASCII.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        AllowedIpsExpression expression;
        try
        {
            expression = AllowedIpsExpression.Parse(Encoding.Latin1.GetString(input));
        }
        catch (ConfigException exception)
        {
            Check.That(!exception.Message.Any(char.IsControl));
            return;
        }

        AllowedIpsExpression again = AllowedIpsExpression.Parse(expression.ToString());
        Check.Same(again.ToString(), expression.ToString());
        Check.That(again.ToSet().SetEquals(expression.ToSet()));
        CheckResult(expression.ToSet());
    }

    private static void CheckResult(PrefixSet set)
    {
        IReadOnlyList<IpPrefix> prefixes = set.ToPrefixes();
        Check.That(PrefixSet.Of(prefixes).SetEquals(set));
        Check.That(PrefixSet.All.Except(PrefixSet.All.Except(set)).SetEquals(set));
        for (int i = 1; i < prefixes.Count; i++)
        {
            IpAddress previous = prefixes[i - 1].Address, address = prefixes[i].Address;
            Check.That(!prefixes[i - 1].Contains(address));
            Check.That((previous.Bits, previous.High, previous.Low).CompareTo((address.Bits, address.High, address.Low)) < 0);

            // Two halves of one prefix would be that prefix.
            bool areHalves = prefixes[i].Length == prefixes[i - 1].Length && address.Bits == previous.Bits
                && new IpPrefix(previous, prefixes[i].Length - 1).Contains(address);
            Check.That(!areHalves);
        }
    }
}
