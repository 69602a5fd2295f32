namespace Chasqui.Core.Routing;

/// <summary>Operations on ranges of one family: sorted, apart from each other by at least one number, so that a set has one form only.</summary>
/// <remarks>Each takes one pass over both sides, and has no more ranges than both together.</remarks>
internal static class AddressRanges
{
    /// <summary>Brings ranges in any order, overlapping or not, into that form.</summary>
    internal static AddressRange[] Normalize(List<AddressRange> ranges)
    {
        ranges.Sort(static (left, right) => left.First.CompareTo(right.First));
        List<AddressRange> merged = [];
        foreach (AddressRange range in ranges)
        {
            if (merged.Count > 0 && TouchesOrOverlaps(merged[^1], range))
            {
                merged[^1] = merged[^1] with { Last = UInt128.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    /// <summary>What is in both.</summary>
    internal static AddressRange[] Intersect(AddressRange[] left, AddressRange[] right)
    {
        List<AddressRange> common = [];
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            UInt128 first = UInt128.Max(left[i].First, right[j].First), last = UInt128.Min(left[i].Last, right[j].Last);
            if (first <= last)
            {
                common.Add(new AddressRange(first, last));
            }

            _ = left[i].Last < right[j].Last ? i++ : j++;
        }

        return [.. common];
    }

    /// <summary>What is on the left only.</summary>
    internal static AddressRange[] Except(AddressRange[] left, AddressRange[] right)
    {
        List<AddressRange> rest = [];
        int j = 0;
        foreach (AddressRange range in left)
        {
            while (j < right.Length && right[j].Last < range.First)
            {
                j++;
            }

            AddRest(rest, range, right.AsSpan(j));
        }

        return [.. rest];
    }

    /// <summary>Whether all of one range is in a set.</summary>
    internal static bool Contains(AddressRange[] ranges, AddressRange range)
    {
        int low = 0, high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].Last < range.First)
            {
                low = middle + 1;
            }
            else if (ranges[middle].First > range.First)
            {
                high = middle - 1;
            }
            else
            {
                return range.Last <= ranges[middle].Last;
            }
        }

        return false;
    }

    private static bool TouchesOrOverlaps(AddressRange range, AddressRange next) =>
        range.Last == UInt128.MaxValue || next.First <= range.Last + 1;

    /// <summary>Cuts the holes out of one range; the holes begin with the first that does not end before it.</summary>
    private static void AddRest(List<AddressRange> rest, AddressRange range, ReadOnlySpan<AddressRange> holes)
    {
        UInt128 first = range.First;
        foreach (AddressRange hole in holes)
        {
            if (hole.First > range.Last)
            {
                break;
            }

            if (hole.First > first)
            {
                rest.Add(new AddressRange(first, hole.First - 1));
            }

            if (hole.Last >= range.Last)
            {
                return;
            }

            first = hole.Last + 1;
        }

        rest.Add(new AddressRange(first, range.Last));
    }
}
