using System.Collections.Immutable;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>
/// Appends to <c>deleted_records</c>, which all families of a connection share. Rows are numbered in the order of commits: whoever has read up to
/// a number has missed nothing below it.
/// </summary>
internal sealed class DeletionLog(ISnapshotStore store, IChunkCache cache, IChunkWriter writer, IInstanceClocks clocks, IOptions<LoadOptions> options, TimeProvider time)
{
    private const int SmallChunks = 8;

    private const string TableName = "table_name";

    /// <param name="staged">Chunks of <see cref="DeletionStage"/>.</param>
    /// <param name="since"><c>_changed_at</c> of the run: rows that it took away are older, whatever the clock says by now.</param>
    public async Task AppendAsync(string connection, ImmutableArray<ChunkInfo> staged, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (staged.IsEmpty)
            return;

        var id = new TableId(connection, SystemTables.DeletedRecords.Name);
        using var files = await cache.OpenAsync(id, staged, cancellationToken);
        while (!await TryAppendAsync(id, files.Paths, since, cancellationToken))
        {
            // Another family was first; its numbers come before.
        }
    }

    /// <summary>Forgets deletions in tables whose ids become pseudonyms: they tell ids in clear. Whoever follows those tables reads them anew, for all of their rows have other keys.</summary>
    public async Task ForgetAsync(string connection, IReadOnlyCollection<string> tables, CancellationToken cancellationToken)
    {
        var id = new TableId(connection, SystemTables.DeletedRecords.Name);
        while (await store.ReadCurrentAsync(id, cancellationToken) is { Chunks.IsEmpty: false } current)
        {
            using var files = await cache.OpenAsync(id, current.Chunks, cancellationToken);
            ImmutableArray<ChunkInfo> rest = [.. await store.UploadAllAsync(id, writer.MergeWithout(SystemTables.DeletedRecords, files.Paths, TableName, tables, cancellationToken), cancellationToken)];
            if (rest.Sum(static chunk => chunk.Rows) == current.Chunks.Sum(static chunk => chunk.Rows)
                || await store.CommitAsync(current with { Version = current.Version + 1, Chunks = rest, CommittedAt = time.GetUtcNow() }, cancellationToken))
                return;
        }
    }

    /// <summary><c>_changed_at</c> of the last deletion; null when there is none.</summary>
    public async Task<DateTimeOffset?> ReadLastAsync(string connection, CancellationToken cancellationToken) =>
        await store.ReadCurrentAsync(new TableId(connection, SystemTables.DeletedRecords.Name), cancellationToken) is { Chunks: [.., var last] }
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(last.MaxKey)
            : null;

    private async Task<bool> TryAppendAsync(TableId id, ImmutableArray<string> paths, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var current = await store.ReadCurrentAsync(id, cancellationToken);
        var known = current?.SchemaFingerprint == SystemTables.DeletedRecords.Fingerprint ? current.Chunks : [];
        var now = time.GetUtcNow();
        var next = Math.Max(Microseconds(now > since ? now : since), known.IsEmpty ? 0 : known[^1].MaxKey + 1);
        var oldest = Microseconds(clocks.OldestKept(now, options.Value.DeletionsKept));
        var chunks = known.Where(chunk => chunk.MaxKey >= oldest).ToList();
        var dropped = current?.Chunks.Except(chunks).Max(static chunk => (long?)chunk.MaxKey);
        foreach (var path in paths)
        {
            var added = await store.UploadAllAsync(id, [writer.Renumber(SystemTables.DeletedRecords, [path], next, cancellationToken)], cancellationToken);
            next = added[^1].MaxKey + 1;
            chunks.AddRange(added);
        }

        return await store.CommitAsync(
            new TableManifest
            {
                Table = id,
                Version = (current?.Version ?? 0) + 1,
                SchemaFingerprint = SystemTables.DeletedRecords.Fingerprint,
                Chunks = await CompactAsync(id, chunks, cancellationToken),
                CommittedAt = now,
                CompleteSince = dropped is { } last ? DateTimeOffset.UnixEpoch.AddMicroseconds(last) : current?.CompleteSince,
            },
            cancellationToken);
    }

    /// <summary>Puts the newest chunks together once there are several small ones.</summary>
    private async Task<ImmutableArray<ChunkInfo>> CompactAsync(TableId id, List<ChunkInfo> chunks, CancellationToken cancellationToken)
    {
        var start = chunks.Count;
        for (long rows = 0; start > 0 && rows + chunks[start - 1].Rows <= writer.RowsPerChunk; start--)
            rows += chunks[start - 1].Rows;

        if (chunks.Count - start < SmallChunks)
            return [.. chunks];

        using var files = await cache.OpenAsync(id, chunks[start..], cancellationToken);
        var merged = writer.Merge(SystemTables.DeletedRecords, files.Paths, cancellationToken);
        return [.. chunks[..start], .. await store.UploadAllAsync(id, merged, cancellationToken)];
    }

    private static long Microseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
