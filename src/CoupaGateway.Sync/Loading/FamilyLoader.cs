using System.Collections.Immutable;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Sync.Loading;

/// <summary>Loads an API table with everything nested in it, as a whole.</summary>
/// <remarks>
/// <code>
///   1. pages of records, in the order of ids          OrderedReader
///   2. rows of all tables of the family, in pseudonyms Flattener, Pseudonymizer
///   3. a table's rows fill a chunk: file, upload      IChunkWriter, ISnapshotStore
///   4. all read: chunks whose keys overlap are sorted again (records that are not paged by their key)
///   5. commit, nested tables first: whoever sees a new parent row finds its nested rows
/// </code>
/// A run that ends before 5 leaves nothing but uploads that expire by themselves. Records created during the run, beyond the largest id at its
/// start, are left to the next delta.
/// </remarks>
internal sealed class FamilyLoader(
    ISnapshotStore store, IChunkCache cache, IChunkWriter writer, IPseudonymKeyring keyring, IOptions<LoadOptions> options, TimeProvider time)
{
    private readonly LoadOptions _options = options.Value;
    private readonly ReadAhead _ahead = new((long)options.Value.ReadAheadMegabytes << 20);

    /// <param name="family">What <see cref="SchemaRevision.Family"/> gives.</param>
    /// <param name="range">Smallest and largest id of the resource; null when it has no records.</param>
    public async Task LoadAsync(
        string connection, ImmutableArray<TableSchema> family, IRecordSource source, IdRange? range, TableTracker progress, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var before = new Dictionary<string, long>();
        foreach (var table in family)
            before[table.Name] = (await store.ReadCurrentAsync(new TableId(connection, table.Name), cancellationToken))?.Version ?? 0;

        var chunks = await StageAsync(connection, family, source, range, startedAt, progress, cancellationToken);

        progress.Committing();
        for (var i = family.Length - 1; i >= 0; i--)
        {
            var id = new TableId(connection, family[i].Name);
            var manifest = new TableManifest
            {
                Table = id,
                Version = before[id.Table] + 1,
                SchemaFingerprint = family[i].Fingerprint,
                Chunks = chunks[i],
                CommittedAt = time.GetUtcNow(),
                Watermark = startedAt,
            };
            if (!await store.CommitAsync(manifest, cancellationToken))
                throw new CommitConflictException(id);
        }
    }

    private async Task<ImmutableArray<ChunkInfo>[]> StageAsync(
        string connection, ImmutableArray<TableSchema> family, IRecordSource source, IdRange? range, DateTimeOffset startedAt, TableTracker progress, CancellationToken cancellationToken)
    {
        using var pseudonyms = new Pseudonymizer(family, Pseudonymizer.NeedsSecrets(family) ? keyring.Open(connection) : PseudonymSecrets.None);
        using var flattener = new Flattener(FlattenPlan.Compile(family, pseudonyms), startedAt);
        var staged = new List<ChunkInfo>[family.Length];
        for (var i = 0; i < staged.Length; i++)
            staged[i] = [];

        if (range is { } whole)
        {
            await foreach (var page in new OrderedReader(source, _options, _ahead).ReadAsync(whole, cancellationToken))
            {
                using (page)
                {
                    var result = flattener.Add(page.Json.Span);
                    progress.Read(result.Stored, page.Json.Length, page.LastId, flattener.BadValueCount);
                }

                await StageFullAsync(connection, flattener, staged, progress, cancellationToken);
            }
        }

        for (var i = 0; i < staged.Length; i++)
            await StageAsync(connection, flattener.Rows[i], staged[i], progress, cancellationToken);

        progress.Found(flattener.Findings with { Pseudonyms = pseudonyms.Counts, PersonalValues = pseudonyms.PersonalValues });
        var chunks = new ImmutableArray<ChunkInfo>[family.Length];
        for (var i = 0; i < chunks.Length; i++)
            chunks[i] = await OrderAsync(new TableId(connection, family[i].Name), family[i], staged[i], cancellationToken);

        return chunks;
    }

    /// <summary>Writes what fills a chunk, and more when memory runs short, the largest first.</summary>
    private async Task StageFullAsync(string connection, Flattener flattener, List<ChunkInfo>[] staged, TableTracker progress, CancellationToken cancellationToken)
    {
        for (var i = 0; i < staged.Length; i++)
        {
            if (flattener.Rows[i].Rows >= writer.RowsPerChunk)
                await StageAsync(connection, flattener.Rows[i], staged[i], progress, cancellationToken);
        }

        var limit = (long)_options.BufferMegabytes << 20;
        if (flattener.Rows.Sum(static rows => rows.AllocatedBytes) <= limit)
            return;

        foreach (var i in Enumerable.Range(0, staged.Length).OrderByDescending(i => flattener.Rows[i].AllocatedBytes).ToArray())
        {
            await StageAsync(connection, flattener.Rows[i], staged[i], progress, cancellationToken);
            flattener.Rows[i].Release();
            if (flattener.Rows.Sum(static rows => rows.AllocatedBytes) <= limit / 2)
                return;
        }
    }

    private async Task StageAsync(string connection, RowBuffer rows, List<ChunkInfo> staged, TableTracker progress, CancellationToken cancellationToken)
    {
        if (rows.Rows == 0)
            return;

        var files = writer.Write(rows, cancellationToken);
        try
        {
            foreach (var file in files)
                staged.Add(await UploadAsync(new TableId(connection, rows.Table.Name), file, cancellationToken));
        }
        finally
        {
            // Those behind one that could not be uploaded.
            foreach (var file in files.Where(static file => File.Exists(file.Path)))
                File.Delete(file.Path);
        }

        progress.Staged(rows.Table.Name, rows.Rows);
        rows.Clear();
    }

    /// <summary>Puts chunks in the order of their keys, and sorts their rows again where their keys overlap.</summary>
    private async Task<ImmutableArray<ChunkInfo>> OrderAsync(TableId id, TableSchema table, List<ChunkInfo> staged, CancellationToken cancellationToken)
    {
        var ordered = staged.OrderBy(static chunk => chunk.MinKey).ToImmutableArray();
        if (!ordered.Where((chunk, i) => i > 0 && chunk.MinKey <= ordered[i - 1].MaxKey).Any())
            return ordered;

        var merged = ImmutableArray.CreateBuilder<ChunkInfo>();
        using var lease = await cache.OpenAsync(id, ordered, cancellationToken);
        foreach (var file in writer.Merge(table, lease.Paths, cancellationToken))
            merged.Add(await UploadAsync(id, file, cancellationToken));

        return merged.ToImmutable();
    }

    private async Task<ChunkInfo> UploadAsync(TableId id, ChunkFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await store.UploadAsync(id, file, cancellationToken);
        }
        finally
        {
            File.Delete(file.Path);
        }
    }
}
