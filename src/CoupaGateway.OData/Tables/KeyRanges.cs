using System.Collections.Immutable;

namespace CoupaGateway.OData.Tables;

/// <summary>A set of values of the first key column, as ranges that rise and do not overlap. Immutable.</summary>
internal sealed class KeyRanges
{
    private readonly ImmutableArray<(long First, long Last)> _ranges;

    private KeyRanges(ImmutableArray<(long First, long Last)> ranges) => _ranges = ranges;

    public static KeyRanges All { get; } = new([(long.MinValue, long.MaxValue)]);

    public static KeyRanges None { get; } = new([]);

    /// <summary>The whole numbers from one number to another, both included; none when they are the wrong way round.</summary>
    public static KeyRanges Between(decimal first, decimal last)
    {
        var (low, high) = (decimal.Max(decimal.Ceiling(first), long.MinValue), decimal.Min(decimal.Floor(last), long.MaxValue));
        return low > high ? None : new([((long)low, (long)high)]);
    }

    public KeyRanges And(KeyRanges other)
    {
        var common = ImmutableArray.CreateBuilder<(long First, long Last)>();
        for (int left = 0, right = 0; left < _ranges.Length && right < other._ranges.Length;)
        {
            var (a, b) = (_ranges[left], other._ranges[right]);
            if (Math.Max(a.First, b.First) <= Math.Min(a.Last, b.Last))
                common.Add((Math.Max(a.First, b.First), Math.Min(a.Last, b.Last)));
            if (a.Last < b.Last)
                left++;
            else
                right++;
        }

        return new(common.ToImmutable());
    }

    /// <summary>The values that are in any of the sets.</summary>
    public static KeyRanges Any(IEnumerable<KeyRanges> sets)
    {
        var merged = ImmutableArray.CreateBuilder<(long First, long Last)>();
        foreach (var range in sets.SelectMany(static set => set._ranges).Order())
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else
                merged.Add(range);
        }

        return new(merged.ToImmutable());
    }

    public bool Contains(long key) => Meets(key, key);

    /// <summary>Whether any value from <paramref name="first"/> to <paramref name="last"/> is in the set.</summary>
    public bool Meets(long first, long last)
    {
        // The first range that does not end before: if any, that one.
        var (low, high) = (0, _ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Last < first)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _ranges.Length && _ranges[low].First <= last;
    }
}
