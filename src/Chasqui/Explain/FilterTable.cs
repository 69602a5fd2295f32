using Chasqui.Core.Explain;

namespace Chasqui.Explain;

/// <summary>The chains of a table, judged for one packet. Pure.</summary>
internal sealed class FilterTable
{
    private const int MaxDepth = 16; // as the kernel's own limit on jumps

    private readonly Dictionary<string, List<FilterRule>> _chains = [];
    private readonly List<(string Chain, bool IsDrop, string Text)> _bases = [];

    // What each chain comes to, so that one to which many jump is walked once. A chain that leads to itself, which no kernel takes, has no verdict.
    private readonly Dictionary<string, (FilterVerdict? Verdict, string? By)> _walked = [];

    /// <summary>Adds a chain.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isIncoming">Whether packets for this machine come to it.</param>
    /// <param name="isDropByDefault">Whether what none of its rules takes is dropped.</param>
    /// <param name="text">Its policy in its tool's words.</param>
    internal void AddChain(string name, bool isIncoming, bool isDropByDefault, string text)
    {
        _ = _chains.TryAdd(name, []);
        if (isIncoming)
        {
            _bases.Add((name, isDropByDefault, text));
        }
    }

    internal void AddRule(string chain, in FilterRule rule)
    {
        if (_chains.TryGetValue(chain, out List<FilterRule>? rules))
        {
            rules.Add(rule);
        }
    }

    /// <summary>What becomes of the packet, and by which rule or policy.</summary>
    internal FilterVerdict Judge(out string? by)
    {
        by = null;
        _walked.Clear();
        bool isUnknown = false;
        foreach ((string chain, bool isDrop, string text) in _bases)
        {
            switch (Walk(chain, 0, out string? rule) ?? (isDrop ? FilterVerdict.Drops : FilterVerdict.Accepts))
            {
                case FilterVerdict.Drops:
                    by = rule ?? text;
                    return FilterVerdict.Drops;
                case FilterVerdict.Unknown:
                    isUnknown = true;
                    break;
                default:
                    break;
            }
        }

        return isUnknown ? FilterVerdict.Unknown : FilterVerdict.Accepts;
    }

    /// <returns>The verdict; null if the chain comes to its end without one.</returns>
    private FilterVerdict? Walk(string chain, int depth, out string? by)
    {
        by = null;
        if (depth >= MaxDepth)
        {
            return FilterVerdict.Unknown;
        }

        if (!_walked.TryGetValue(chain, out (FilterVerdict? Verdict, string? By) found))
        {
            _walked[chain] = (FilterVerdict.Unknown, null);
            found.Verdict = WalkRules(chain, depth, out found.By);
            _walked[chain] = found;
        }

        by = found.By;
        return found.Verdict;
    }

    private FilterVerdict? WalkRules(string chain, int depth, out string? by)
    {
        by = null;
        if (!_chains.TryGetValue(chain, out List<FilterRule>? rules))
        {
            return FilterVerdict.Unknown;
        }

        foreach (FilterRule rule in rules)
        {
            if (rule.Match == FilterMatch.No || rule.Action == FilterAction.Continue)
            {
                continue;
            }

            bool isEnd = TryEnd(rule, depth, out FilterVerdict? verdict, out string? dropper);
            if (isEnd && rule.Match == FilterMatch.Yes)
            {
                by = dropper;
                return verdict;
            }

            // Perhaps it ends here, perhaps not: only if the rest could not say otherwise would that not matter.
            if (isEnd)
            {
                return FilterVerdict.Unknown;
            }
        }

        return null;
    }

    private bool TryEnd(in FilterRule rule, int depth, out FilterVerdict? verdict, out string? by)
    {
        by = null;
        switch (rule.Action)
        {
            case FilterAction.Accept:
                verdict = FilterVerdict.Accepts;
                return true;
            case FilterAction.Drop:
                by = rule.Text;
                verdict = FilterVerdict.Drops;
                return true;
            case FilterAction.Return:
                verdict = null;
                return true;
            default:
                verdict = Walk(rule.Target ?? "", depth + 1, out by);
                return verdict is not null || rule.Action == FilterAction.Goto;
        }
    }
}
