using System.Collections.Immutable;
using CoupaGateway.OData.Aggregation;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.OData.Downloads;

/// <summary>One query of a download.</summary>
/// <param name="Snapshot">The table.</param>
/// <param name="Chunks">Those that are read.</param>
/// <param name="Related">The tables that are read beside it.</param>
/// <param name="Names">Names of the columns.</param>
/// <param name="ToQuery">The query, once the tables are open.</param>
internal sealed record DownloadPart(
    TableSnapshot Snapshot, ImmutableArray<ChunkInfo> Chunks, ImmutableArray<TableSnapshot> Related, ImmutableArray<string> Names, Func<OpenTables, RowQuery> ToQuery)
{
    /// <summary>Whether the part is all rows of its chunks, which have the columns that the table has today.</summary>
    public bool IsStored { get; private init; }

    public static DownloadPart Of(CollectionQuery query)
    {
        var plan = PagePlan.Create(query);
        return new(query.Snapshot, plan.Chunks, query.Related, [.. query.Select.Names], plan.ToQuery) { IsStored = IsWholeChunks(query) };
    }

    /// <summary>The whole result of <c>$apply</c>.</summary>
    public static DownloadPart Of(ApplyQuery query)
    {
        var part = query.Parts.Single();
        return new(
            query.Snapshot,
            query.Snapshot.Within(query.Keys),
            query.Related,
            [.. part.Columns.Select(static column => column.Path)],
            tables => part.ToFlatQuery(tables, query.Parameters, Math.Min(query.Page.Remaining ?? PagePlan.MaxLimit, PagePlan.MaxLimit), Math.Min(query.Page.Skip, PagePlan.MaxLimit)));
    }

    private static bool IsWholeChunks(CollectionQuery part) =>
        part is { Filter: null, Skip: 0, Computed.IsEmpty: true, Snapshot: { Inline: null, All.IsEmpty: false } }
        && part.Snapshot.Manifest.Rows <= part.Limit
        && TableSource.IsStoredAs(part.Snapshot)
        && DownloadParts.IsInKeyOrder(part);
}
