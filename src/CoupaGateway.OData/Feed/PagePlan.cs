using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.OData.Feed;

/// <summary>One page as SQL: the chunks to read, and the statement but for its FROM clause, which needs the chunks opened.</summary>
/// <param name="TokenColumns">Where the result has the values of the order's keys.</param>
internal sealed record PagePlan(
    ImmutableArray<ChunkInfo> Chunks, ImmutableArray<RowColumn> Columns, ImmutableArray<int> TokenColumns, string Items, string Tail, RowCondition Rows)
{
    /// <summary>See <see cref="RowQuery.IsShort"/>.</summary>
    public bool IsShort { get; init; }

    /// <summary>See <see cref="RowQuery.IsOneOff"/>.</summary>
    public bool IsOneOff { get; init; }

    /// <summary>DuckDB makes a join of IN with many values, as of what reads another table, and a join need not keep the order of the files. No name or value in SQL contains this.</summary>
    private const string LongIn = " IN (";

    /// <summary>Up to so many chunks, one thread is done before a second one has helped.</summary>
    public const int ShortChunks = 2;

    /// <summary>DuckDB takes no larger LIMIT.</summary>
    public const long MaxLimit = 1L << 61;

    public static PagePlan Create(CollectionQuery query)
    {
        var table = query.Table;
        var list = SelectList.Of(query.Select, query.Expand, table, RowReference.MainAlias);
        var tokens = ImmutableArray.CreateBuilder<int>(query.Order.Length);
        foreach (var key in query.Order)
        {
            var index = key.Column is null ? -1 : list.IndexOf(key.Column);
            if (index < 0)
                index = list.Add(new(key.Column ?? $"${list.Columns.Length}", SqlTypes.RowKind(key.Expression.Kind), Hidden: true), key.Expression.Text);
            tokens.Add(index);
        }

        var (chunks, tail, isShort) = Page(query);
        return new(chunks, list.Columns, tokens.MoveToImmutable(), list.Text, tail, query) { IsShort = isShort, IsOneOff = query.Snapshot.Inline is not null };
    }

    public RowQuery ToQuery(OpenTables tables) =>
        Rows.Parameters.ToQuery($"{tables.With}SELECT {Items} FROM {Rows.From(tables)} AS {RowReference.MainAlias}{Tail}", Columns) with { IsShort = IsShort, IsOneOff = IsOneOff };

    /// <summary>The same rows in the same order, but only their keys.</summary>
    public RowQuery ToKeyQuery(OpenTables tables, TableSchema table) => Rows.Parameters.ToQuery(
        $"{tables.With}SELECT {string.Join(", ", table.Key.Select(static key => SqlText.Identifier(key.Name)))} FROM {Rows.From(tables)} AS {RowReference.MainAlias}{Tail}",
        [.. table.Key.Select(static key => new RowColumn(key.Name, RowValueKind.Int64))]) with
    { IsShort = IsShort };

    /// <summary>
    /// Chunks are in key order and sorted inside, and DuckDB keeps the order in which it reads (<c>preserve_insertion_order</c>): what is wanted in key
    /// order is not sorted, and read only as far as the page goes.
    /// </summary>
    private static (ImmutableArray<ChunkInfo> Chunks, string Tail, bool IsShort) Page(CollectionQuery query)
    {
        var inKeyOrder = OrderByTranslator.IsKeyOrder(query.Order, query.Table);
        var take = query.IsWhole ? query.Limit : query.Limit + 1;
        var skip = query.Skip;
        var chunks = query.Snapshot.Within(query.Keys);
        var conditions = new List<string>();
        if (query.Filter is not null)
            conditions.Add(query.Filter);

        if (query.Token is { Last.IsEmpty: false } token)
        {
            conditions.Add(KeysetPredicate.After(query.Order, token.Last, query.Parameters));
            if (inKeyOrder && token.Last[0] is long key)
            {
                chunks = query.Snapshot.Within(query.Keys.And(KeyRanges.Between(key, decimal.MaxValue)));
                if (query.Filter is null)
                    chunks = TableSnapshot.Enough(chunks, take, firstIsPartial: true);
            }
        }
        else if (inKeyOrder && query.Filter is null)
        {
            (chunks, skip) = query.Snapshot.Rows(skip, take);

            // True for every row. But a LIMIT over a bare scan makes DuckDB gather the rows before it hands out the first; with a condition it streams.
            if (!chunks.IsEmpty)
                conditions.Add(string.Create(CultureInfo.InvariantCulture, $"({SqlText.Identifier(query.Table.Key[0].Name)} >= {chunks[0].MinKey})"));
        }

        var tail = new StringBuilder();
        if (conditions.Count > 0)
            tail.Append(" WHERE ").AppendJoin(" AND ", conditions);
        if (!inKeyOrder || (!query.Related.IsEmpty && !query.Order.IsEmpty) || query.Filter?.Contains(LongIn, StringComparison.Ordinal) == true)
            tail.Append(" ORDER BY ").AppendJoin(", ", query.Order.Select(static key => key.Clause));
        if (take <= MaxLimit)
            tail.Append(CultureInfo.InvariantCulture, $" LIMIT {take}");
        if (skip > 0)
            tail.Append(CultureInfo.InvariantCulture, $" OFFSET {skip}");
        return (chunks, tail.ToString(), inKeyOrder && query.Related.IsEmpty && (query.Filter is null || chunks.Length <= ShortChunks));
    }
}
