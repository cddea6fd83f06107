using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Tenants;

/// <summary>The generated records of one resource.</summary>
internal sealed class TenantResource
{
    public required ApiResource Api { get; init; }

    public required IKeySpace Keys { get; init; }

    public required Func<long, Node> NodeAt { get; init; }

    /// <summary>Runs of ranks in which <see cref="TimeSlice.Earliest"/> rises.</summary>
    public required IReadOnlyList<TimeSlice> Slices { get; init; }

    /// <summary>Finds a record by its id; the first of several that share it.</summary>
    public Node? Find(long id)
    {
        var rank = Keys.RankOf(id);
        return rank < Keys.Count && Keys.IdAt(rank) == id ? NodeAt(rank) : null;
    }

    /// <summary>The ranks that can hold records created or changed within a time; others surely do not.</summary>
    public IEnumerable<(long From, long To)> RanksWithin(long from, long to)
    {
        foreach (var slice in Slices)
        {
            var low = slice.First(earliest => earliest + slice.MaxLag >= from);
            var high = slice.First(earliest => earliest > to);
            if (low < high)
                yield return (slice.Start + low, slice.Start + high);
        }
    }
}
