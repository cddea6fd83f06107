using System.Collections.Immutable;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Formats;
using CoupaGateway.OData.Query;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Tables;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Deltas;

/// <summary>Finds out between which versions of a table a client wants the changes.</summary>
internal sealed class DeltaQueryFactory(CollectionQueryFactory factory, ISnapshotCatalog catalog, TimeProvider time)
{
    /// <exception cref="FeedException">410: nobody knows any more what has gone since.</exception>
    public async ValueTask<DeltaQuery> CreateAsync(FeedRequest request, RowTarget target, ResponseFormat format, CancellationToken cancellationToken)
    {
        request.Query.Allow(
            "a delta link",
            QueryOptionSet.Select, QueryOptionSet.Filter, QueryOptionSet.Search, QueryOptionSet.Compute, QueryOptionSet.SkipToken, QueryOptionSet.DeltaToken, QueryOptionSet.Format);
        var token = DeltaTokenCodec.Decode(request.Query[QueryOptionSet.DeltaToken]!, request.Path, request.Query);

        // Deletions first: a commit puts rows away before it tells, so what is told by now is away in any version from now on.
        var deletions = catalog.FindCurrent(new(request.Connection, SystemTables.DeletedRecords.Name));
        var query = await factory.CreateAsync(request, target, isReference: false, format, cancellationToken);
        Check(token, query, deletions, request.Options);
        return new(
            query,
            token.Since,
            await ChunksAsync(token, query, cancellationToken),
            deletions is { Chunks.IsEmpty: false } ? new TableSnapshot(SystemTables.DeletedRecords, deletions) : null,
            query.Token?.Until ?? (deletions is { Chunks: [.., var last] } ? last.MaxKey : 0));
    }

    private void Check(DeltaToken token, CollectionQuery query, TableManifest? deletions, FeedOptions options)
    {
        var manifest = query.Snapshot.Manifest;

        // What deletions are left decides, not the clock alone: they may have been dropped while it was ahead.
        if (token.Since < time.GetUtcNow().UtcDateTime - options.DeltaHistory || token.Since < deletions?.CompleteSince?.UtcDateTime || token.Version > manifest.Version || token.Schema != DeltaTokenCodec.SchemaName(manifest))
        {
            throw new FeedException(
                410, ErrorCodes.HistoryExpired, $"What has changed in '{query.Table.Name}' since then is no longer known; read the table again.", QueryOptionSet.DeltaToken);
        }
    }

    /// <summary>Chunks never change: what the client's version has, too, holds no changes.</summary>
    private async ValueTask<ImmutableArray<ChunkInfo>> ChunksAsync(DeltaToken token, CollectionQuery query, CancellationToken cancellationToken)
    {
        var chunks = query.Snapshot.All;
        if (!token.Chunks.IsDefault)
            return [.. chunks.Where(chunk => !DeltaTokenCodec.Has(token, chunk.Hash))];

        var known = (await catalog.FindVersionAsync(query.Snapshot.Manifest.Table, token.Version, cancellationToken))?.Chunks.Select(static chunk => chunk.Hash).ToHashSet(StringComparer.Ordinal);
        return known is null ? chunks : [.. chunks.Where(chunk => !known.Contains(chunk.Hash))];
    }
}
