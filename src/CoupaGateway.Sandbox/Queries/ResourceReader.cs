using System.Collections.Concurrent;
using CoupaGateway.Sandbox.Changes;
using CoupaGateway.Sandbox.Records;
using CoupaGateway.Sandbox.Tenants;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Queries;

/// <summary>
/// Answers lists. Conditions on the id become a range of ranks, conditions on created-at and updated-at narrow it, and what is left is
/// tried record by record: a keyset page costs a page, a time window costs about the window.
/// </summary>
internal sealed class ResourceReader(TenantResource resource, Func<long, IRecord> generated, Func<ResourceChanges> changes)
{
    private const int KeptLists = 8;

    // Lists ordered by another field than the id are sorted once and then cut into pages.
    private readonly ConcurrentDictionary<string, List<Candidate>> _sorted = new(StringComparer.Ordinal);

    public long Count
    {
        get
        {
            var current = changes();
            return resource.Keys.Count - current.Changed.Values.Count(r => r is null) + current.Added.Count;
        }
    }

    /// <summary>The record with an id; the first of several.</summary>
    public IRecord? Find(long id) => Between(id, id).FirstOrDefault();

    /// <summary>The record with a key (<see cref="IRecord.Key"/>).</summary>
    public IRecord? FindByKey(long key)
    {
        var current = changes();
        if (current.Changed.TryGetValue(key, out var changed))
            return changed;
        var rank = resource.Keys.RankOfKey(key);
        return rank >= 0 ? generated(rank) : current.Added.Values.FirstOrDefault(added => added.Key == key);
    }

    /// <summary>All records in the order of their ids.</summary>
    public IEnumerable<IRecord> All() => Between(long.MinValue, long.MaxValue);

    /// <summary>The records with ids from <paramref name="first"/> to <paramref name="last"/>, in the order of their ids.</summary>
    public IEnumerable<IRecord> Between(long first, long last) => Candidates([], changes(), descending: false, first, last).Select(Materialize);

    public List<IRecord> Read(ListQuery query)
    {
        var current = changes();
        if (query.OrderBy.Count > 0)
            return [.. Sorted(query, current).Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(query.Limit).Select(Materialize)];

        var rest = query.Filters.Where(f => !IsIdRange(f)).ToArray();
        if (rest.Length == 0 && current.IsEmpty)
            return [.. Page(query).Select(generated)];
        return
        [
            .. Candidates(query.Filters, current, query.Descending)
                .Where(c => rest.Length == 0 || Matches(Materialize(c), rest))
                .Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(query.Limit).Select(Materialize),
        ];
    }

    private static bool Matches(IRecord record, Filter[] filters)
    {
        foreach (var filter in filters)
        {
            if (!filter.Matches(record))
                return false;
        }

        return true;
    }

    private static bool IsIdRange(Filter filter) => filter.RootField == "id"
        && filter.Operator is FilterOperator.Eq or FilterOperator.Gt or FilterOperator.Lt or FilterOperator.Gt_or_eq or FilterOperator.Lt_or_eq
        && filter.RootField == "id";

    private static (long Low, long High) Range(IEnumerable<Filter> filters)
    {
        long low = long.MinValue, high = long.MaxValue;
        foreach (var filter in filters)
        {
            var first = filter.Operands[0].Number;
            switch (filter.Operator)
            {
                case FilterOperator.Eq: (low, high) = (Math.Max(low, first), Math.Min(high, first)); break;
                case FilterOperator.Gt: low = Math.Max(low, first == long.MaxValue ? first : first + 1); break;
                case FilterOperator.Gt_or_eq: low = Math.Max(low, first); break;
                case FilterOperator.Lt: high = Math.Min(high, first == long.MinValue ? first : first - 1); break;
                case FilterOperator.Lt_or_eq: high = Math.Min(high, first); break;
                case FilterOperator.In: (low, high) = (Math.Max(low, filter.Operands.Min(o => o.Number)), Math.Min(high, filter.Operands.Max(o => o.Number))); break;
            }
        }

        return (low, high);
    }

    private IRecord Materialize(Candidate candidate) => candidate.Changed ?? generated(candidate.Rank);

    private Candidate Generated(long rank) => new(resource.Keys.IdAt(rank), resource.Keys.KeyAt(rank), rank, null);

    private (long From, long To) Ranks(long low, long high) =>
        (resource.Keys.RankOf(low), high == long.MaxValue ? resource.Keys.Count : resource.Keys.RankOf(high + 1));

    private IEnumerable<long> Page(ListQuery query)
    {
        var (low, high) = Range(query.Filters);
        var (from, to) = Ranks(low, high);
        var offset = Math.Min(query.Offset, Math.Max(0, to - from));
        if (query.Descending)
        {
            for (var rank = to - 1 - offset; rank >= Math.Max(from, to - offset - query.Limit); rank--)
                yield return rank;
        }
        else
        {
            for (var rank = from + offset; rank < Math.Min(to, from + offset + query.Limit); rank++)
                yield return rank;
        }
    }

    private IEnumerable<Candidate> Candidates(IReadOnlyList<Filter> filters, ResourceChanges current, bool descending)
    {
        var (low, high) = Range(filters.Where(f => f.RootField == "id"));
        return Candidates(filters, current, descending, low, high);
    }

    private IEnumerable<Candidate> Candidates(IReadOnlyList<Filter> filters, ResourceChanges current, bool descending, long low, long high)
    {
        var generatedOnes = GeneratedCandidates(filters, low, high, descending);
        if (current.IsEmpty)
            return generatedOnes;
        var changed = current.Records().Where(r => r.Id >= low && r.Id <= high).Select(r => new Candidate(r.Id, r.Key, -1, r));
        return Merge(generatedOnes.Where(c => !current.Changed.ContainsKey(c.Key)), descending ? changed.Reverse() : changed, descending);
    }

    private IEnumerable<Candidate> GeneratedCandidates(IReadOnlyList<Filter> filters, long low, long high, bool descending)
    {
        var (from, to) = Ranks(low, high);

        // A list of ids is looked up rather than searched for.
        if (filters.FirstOrDefault(f => f is { RootField: "id", Operator: FilterOperator.In }) is { } listed)
        {
            var ids = listed.Operands.Select(o => o.Number).Distinct().Where(id => id >= low && id <= high).Order();
            foreach (var id in descending ? ids.Reverse() : ids)
            {
                var (first, last) = Ranks(id, id);
                for (var rank = first; rank < last; rank++)
                    yield return Generated(rank);
            }

            yield break;
        }

        IEnumerable<(long From, long To)> runs = [(from, to)];
        foreach (var filter in filters.Where(f => f.Path is [.., { Name: "created-at" or "updated-at" }] && IsOwnTime(f)))
        {
            if (Window(filter) is { } window)
                runs = Intersect(runs, [.. resource.RanksWithin(window.From, window.To)]);
        }

        foreach (var (first, last) in descending ? runs.Reverse() : runs)
        {
            for (var i = 0L; i < last - first; i++)
            {
                var rank = descending ? last - 1 - i : first + i;
                yield return Generated(rank);
            }
        }
    }

    private static bool IsOwnTime(Filter filter) => filter.Path.Count == 1 || filter.Path[0].Name == "revision-record";

    private static (long From, long To)? Window(Filter filter) => filter.Operator switch
    {
        FilterOperator.Gt or FilterOperator.Gt_or_eq => (filter.Operands[0].Number, long.MaxValue / 2),
        FilterOperator.Lt or FilterOperator.Lt_or_eq => (long.MinValue / 2, filter.Operands[0].Number),
        FilterOperator.Eq => (filter.Operands[0].Number, filter.Operands[0].Number),
        _ => null,
    };

    private static List<(long From, long To)> Intersect(IEnumerable<(long From, long To)> a, IReadOnlyList<(long From, long To)> b) =>
    [
        .. a.SelectMany(x => b.Select(y => (From: Math.Max(x.From, y.From), To: Math.Min(x.To, y.To)))).Where(r => r.From < r.To),
    ];

    private static IEnumerable<Candidate> Merge(IEnumerable<Candidate> a, IEnumerable<Candidate> b, bool descending)
    {
        using var left = a.GetEnumerator();
        using var right = b.GetEnumerator();
        var hasLeft = left.MoveNext();
        var hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            var order = hasLeft && hasRight ? (left.Current.Id, left.Current.Key).CompareTo((right.Current.Id, right.Current.Key)) : 0;
            var takeLeft = hasLeft && (!hasRight || (descending ? order > 0 : order <= 0));
            if (takeLeft)
            {
                yield return left.Current;
                hasLeft = left.MoveNext();
            }
            else
            {
                yield return right.Current;
                hasRight = right.MoveNext();
            }
        }
    }

    private List<Candidate> Sorted(ListQuery query, ResourceChanges current)
    {
        var key = $"{current.Version}?{query.ListKey}";
        if (_sorted.TryGetValue(key, out var known))
            return known;
        var rest = query.Filters.Where(f => !IsIdRange(f)).ToArray();
        var keyed = new List<(Scalar Key, Candidate Candidate)>();
        foreach (var candidate in Candidates(query.Filters, current, descending: false))
        {
            var record = Materialize(candidate);
            if (rest.Length == 0 || Matches(record, rest))
                keyed.Add((record.Values(query.OrderBy, null).FirstOrDefault(Scalar.Null), candidate));
        }

        // Nulls first, ties by id and rank: stable whatever the direction.
        var comparer = Comparer<Scalar>.Create((a, b) => (a.HasValue, b.HasValue) switch
        {
            (true, true) => Scalar.Compare(a, b),
            (false, false) => 0,
            var (x, _) => x ? 1 : -1,
        });
        var ordered = query.Descending ? keyed.OrderByDescending(k => k.Key, comparer) : keyed.OrderBy(k => k.Key, comparer);
        List<Candidate> list = [.. ordered.ThenBy(k => k.Candidate.Id).ThenBy(k => k.Candidate.Key).Select(k => k.Candidate)];
        if (_sorted.Count >= KeptLists)
            _sorted.Clear();
        _sorted[key] = list;
        return list;
    }
}
