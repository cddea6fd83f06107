using System.Collections.Immutable;
using System.Globalization;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.OData.Feed;

/// <summary>
/// Finds the rows of a page before their columns are read, where that is cheaper: a table has 60 columns and more, a filter or an order looks at few.
/// </summary>
/// <remarks>
/// <code>
/// (1) SELECT key FROM all chunks WHERE … ORDER BY … LIMIT …       reads the columns of the filter, the order and the key
/// (2) few keys:  SELECT * FROM their chunks WHERE key IN (…) ORDER BY …
///     many keys, in key order:  the page's own query, FROM the chunks between the first key and the last
///     many keys, sorted:  the page's own query, for the rows are everywhere
/// </code>
/// Chunks never change, so both steps see the same rows.
/// </remarks>
internal sealed class RowFinder(TableSource source, IQueryEngine engine)
{
    /// <summary>So many rows can be named one by one.</summary>
    internal const int FewRows = 256;

    /// <summary>With so few columns beside the key, the first step would read as much as the second.</summary>
    private const int NarrowColumns = 4;

    /// <summary>A plan with the same rows in the same order as <paramref name="plan"/>.</summary>
    public async ValueTask<PagePlan> NarrowAsync(CollectionQuery query, PagePlan plan, CancellationToken cancellationToken)
    {
        if (!Pays(query, plan))
            return plan;

        var keys = await FindAsync(query, plan, cancellationToken);
        if (keys.Count == 0)
            return plan with { Chunks = [] };
        if (keys.Count <= FewRows)
            return Few(query, plan, keys);

        return OrderByTranslator.IsKeyOrder(query.Order, query.Table) ? Many(query, plan, keys[0][0], keys[^1][0]) : plan;
    }

    private static bool Pays(CollectionQuery query, PagePlan plan) =>
        plan.Chunks.Length > 1
        && plan.Columns.Length > query.Table.Key.Length + NarrowColumns
        && (query.Filter is not null || (query.Limit < FewRows && !OrderByTranslator.IsKeyOrder(query.Order, query.Table)));

    // (1)
    private async ValueTask<List<long[]>> FindAsync(CollectionQuery query, PagePlan plan, CancellationToken cancellationToken)
    {
        using var tables = await source.OpenAsync(query.Snapshot, plan.Chunks, query.Related, cancellationToken);
        using var rows = await engine.OpenAsync(plan.ToKeyQuery(tables, query.Table), cancellationToken);
        var keys = new List<long[]>();
        while (rows.NextChunk())
        {
            for (var row = 0; row < rows.RowCount; row++)
            {
                var key = new long[rows.Vectors.Length];
                for (var part = 0; part < key.Length; part++)
                    key[part] = rows.Vectors[part].ReadInteger(row);
                keys.Add(key);
            }
        }

        return keys;
    }

    // (2)
    private static PagePlan Few(CollectionQuery query, PagePlan plan, List<long[]> keys)
    {
        var roots = keys.Select(static key => key[0]).Order().Distinct().ToList();

        // Sorted even where the order is that of the keys: DuckDB makes a join of a long IN, and a join need not keep the order of the files.
        var order = query.Order.IsEmpty ? query.Table.Key.Select(static key => SqlText.Identifier(key.Name)) : query.Order.Select(static key => key.Clause);
        var tail = $" WHERE {Condition(query.Table, roots, keys)} ORDER BY {string.Join(", ", order)}";
        ImmutableArray<ChunkInfo> chunks = [.. plan.Chunks.Where(chunk => Holds(chunk, roots))];
        return plan with { Chunks = chunks, Tail = tail, IsShort = query.Related.IsEmpty && chunks.Length <= PagePlan.ShortChunks, IsOneOff = true };
    }

    /// <param name="roots">Sorted.</param>
    private static bool Holds(ChunkInfo chunk, List<long> roots)
    {
        var index = roots.BinarySearch(chunk.MinKey);
        index = index < 0 ? ~index : index;
        return index < roots.Count && roots[index] <= chunk.MaxKey;
    }

    private static string Condition(TableSchema table, List<long> roots, List<long[]> keys)
    {
        // The first part alone is what row groups are skipped by.
        var root = $"{SqlText.Identifier(table.Key[0].Name)} IN ({string.Join(", ", roots.Select(Number))})";
        if (table.Key.Length == 1)
            return root;

        var rows = keys.Select(key => $"({string.Join(" AND ", key.Select((value, part) => $"{SqlText.Identifier(table.Key[part].Name)} = {Number(value)}"))})");
        return $"{root} AND ({string.Join(" OR ", rows)})";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What lies before the first row is left out only where no rows are to be skipped: those lie there, too.</summary>
    private static PagePlan Many(CollectionQuery query, PagePlan plan, long first, long last)
    {
        ImmutableArray<ChunkInfo> chunks = [.. plan.Chunks.Where(chunk => (query.Skip > 0 || chunk.MaxKey >= first) && chunk.MinKey <= last)];
        return plan with { Chunks = chunks, IsShort = query.Related.IsEmpty && chunks.Length <= PagePlan.ShortChunks };
    }
}
