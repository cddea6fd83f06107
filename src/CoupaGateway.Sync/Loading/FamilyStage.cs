using System.Collections.Immutable;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Observing;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Loading;

/// <summary>Takes pages of records and stages their rows as chunks, for all tables of a family.</summary>
internal sealed class FamilyStage : IDisposable
{
    private readonly ISnapshotStore _store;
    private readonly IChunkWriter _writer;
    private readonly string _connection;
    private readonly RowMemory _memory;
    private readonly TableTracker _progress;
    private readonly Pseudonymizer _pseudonyms;
    private readonly KeyObserver _observer = new();
    private readonly Flattener _flattener;
    private readonly List<ChunkInfo>[] _staged;

    /// <param name="staged">What an earlier process has staged; empty at the start.</param>
    /// <param name="secrets">What values in marked columns are replaced with.</param>
    /// <param name="memory">For rows; beyond its part, chunks are cut early.</param>
    public FamilyStage(
        ISnapshotStore store, IChunkWriter writer, string connection, ImmutableArray<TableSchema> family, PseudonymSecrets secrets, DateTimeOffset changedAt,
        ImmutableArray<ImmutableArray<ChunkInfo>> staged, RowMemory memory, TableTracker progress)
    {
        (_store, _writer, _connection, _memory, _progress) = (store, writer, connection, memory, progress);
        _pseudonyms = new Pseudonymizer(family, secrets);
        _flattener = new Flattener(FlattenPlan.Compile(family, _pseudonyms), changedAt, _observer);
        _staged = [.. family.Select((_, i) => staged.IsDefaultOrEmpty ? [] : staged[i].ToList())];
        memory.Enter();
    }

    /// <summary>What is staged by now, by table.</summary>
    public ImmutableArray<ImmutableArray<ChunkInfo>> Staged => [.. _staged.Select(static chunks => chunks.ToImmutableArray())];

    public FlattenFindings Findings =>
        _flattener.Findings with { Pseudonyms = _pseudonyms.Counts, PersonalValues = _pseudonyms.PersonalValues, Observed = _observer.ToObservations() };

    /// <summary>Records with these keys are staged already.</summary>
    public void Remember(IEnumerable<long> keys) => _flattener.Remember(keys);

    public async Task AddAsync(RecordPage page, CancellationToken cancellationToken)
    {
        using (page)
        {
            var result = _flattener.Add(page.Json.Span);
            _progress.Read(result.Stored, page.Json.Length, page.LastId, _flattener.BadValueCount);
        }

        await StageFullAsync(cancellationToken);
    }

    /// <summary>Stages all rows that are still in memory.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var uploads = new List<Task>();
        try
        {
            for (var i = 0; i < _staged.Length; i++)
                uploads.Add(StageAsync(i, cancellationToken));
        }
        finally
        {
            await Task.WhenAll(uploads);
        }
    }

    public void Dispose()
    {
        _memory.Leave();
        _flattener.Dispose();
        _pseudonyms.Dispose();
    }

    /// <summary>Stages what fills a chunk, and more when memory runs short, the largest first.</summary>
    private async Task StageFullAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _staged.Length; i++)
        {
            if (_flattener.Rows[i].Rows >= _writer.RowsPerChunk)
                await StageAsync(i, cancellationToken);
        }

        var limit = _memory.Part;
        if (_flattener.Rows.Sum(static rows => rows.AllocatedBytes) <= limit)
            return;

        foreach (var i in Enumerable.Range(0, _staged.Length).OrderByDescending(i => _flattener.Rows[i].AllocatedBytes).ToArray())
        {
            await StageAsync(i, cancellationToken);
            _flattener.Rows[i].Release();
            if (_flattener.Rows.Sum(static rows => rows.AllocatedBytes) <= limit / 2)
                return;
        }
    }

    /// <summary>Writes the rows of a table at once, then uploads them.</summary>
    private async Task StageAsync(int table, CancellationToken cancellationToken)
    {
        var rows = _flattener.Rows[table];
        if (rows.Rows == 0)
            return;

        var files = _writer.Write(rows, cancellationToken);
        _progress.Staged(rows.Table.Name, rows.Rows);
        _observer.AddElements(rows.Table.Name, rows.Rows);
        rows.Clear();
        _staged[table].AddRange(await _store.UploadAllAsync(new TableId(_connection, rows.Table.Name), files, cancellationToken));
    }
}
