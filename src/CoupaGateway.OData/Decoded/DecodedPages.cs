using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData.Decoded;

/// <summary>Further pages of a table as it is: rows in the order of their keys, behind the last one of the page before. They need no query of their own.</summary>
internal sealed class DecodedPages(DecodedChunkCache cache, TableSource source, IQueryEngine engine, IOptions<QueryOptions> options)
{
    /// <summary>The page's rows; null where it takes a query.</summary>
    public async ValueTask<RowReader?> TryOpenAsync(CollectionQuery query, PagePlan plan, CancellationToken cancellationToken)
    {
        if (options.Value.PageMemory == 0 || plan.Chunks.IsEmpty || !IsPlain(query) || After(query) is not { IsDefault: false } after)
            return null;

        // Nothing is behind the last key of a chunk; the page before ended with it.
        if (after.Length == 1 && plan.Chunks[0].MaxKey <= after[0])
            plan = plan with { Chunks = plan.Chunks[1..] };
        return plan.Chunks.IsEmpty ? null : await DecodedRowReader.OpenAsync(cache, query, plan, after, source, engine, cancellationToken);
    }

    private static bool IsPlain(CollectionQuery query) =>
        query is { Filter: null, Related.IsEmpty: true, Computed.IsEmpty: true, Expand.Levels.IsEmpty: true, Expand.Counts.IsEmpty: true, IsWhole: false, Skip: 0, Snapshot.Inline: null }
        && TableSource.IsStoredAs(query.Snapshot) && OrderByTranslator.IsKeyOrder(query.Order, query.Table);

    /// <summary>The key of the last row of the page before; default where there is none.</summary>
    private static ImmutableArray<long> After(CollectionQuery query) =>
        query.Token is { Last: { IsEmpty: false } last } && last.All(static value => value is long) ? [.. last.Cast<long>()] : default;
}
