using System.Collections.Immutable;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Translation;
using CoupaGateway.Snapshots.Chunks;

namespace CoupaGateway.OData.Downloads;

/// <summary>
/// Cuts a download into queries that follow each other: each opens a few chunks only, so that a table may be larger than the chunk cache, and has the
/// time and the memory that one query may have. All of them read one version of the table.
/// </summary>
internal static class DownloadParts
{
    /// <summary>Chunks in a part: enough work for a query, and few enough to hold on to.</summary>
    private const int PartChunks = 8;

    /// <summary>Queries that give the rows one after the other; at least one. How many rows <c>$top</c> leaves for each is up to the caller.</summary>
    public static IEnumerable<CollectionQuery> Of(CollectionQuery query)
    {
        // What is sorted, or counted off behind a filter, needs all chunks at once.
        var separable = IsInKeyOrder(query) && (query.Filter is null || query.Skip == 0) && query.Snapshot.Inline is null;
        return separable ? Split(query) : [query];
    }

    /// <summary>Whether rows are wanted in the order that they have at rest.</summary>
    public static bool IsInKeyOrder(CollectionQuery query) => OrderByTranslator.IsKeyOrder(query.Order, query.Table);

    private static IEnumerable<CollectionQuery> Split(CollectionQuery query)
    {
        var chunks = query.Snapshot.Within(query.Keys);
        var skip = query.Skip;
        var first = 0;
        while (first < chunks.Length && skip >= chunks[first].Rows)
            skip -= chunks[first++].Rows;

        // Nothing left is a part, too: without any rows, but with columns.
        yield return Part(query, chunks[first..Math.Min(first + PartChunks, chunks.Length)], skip);
        for (first += PartChunks; first < chunks.Length; first += PartChunks)
            yield return Part(query, chunks[first..Math.Min(first + PartChunks, chunks.Length)], skip: 0);
    }

    private static CollectionQuery Part(CollectionQuery query, ImmutableArray<ChunkInfo> chunks, long skip) =>
        query with { Snapshot = query.Snapshot with { Manifest = query.Snapshot.Manifest with { Chunks = chunks } }, Skip = skip };
}
