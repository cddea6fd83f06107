using CoupaGateway.OData.Tests.Feed;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Fuzz;

/// <summary>A connection <c>demo</c> whose tables are loaded and have no rows: every query is translated, bound and run by DuckDB, and reads no file.</summary>
internal sealed class EmptyFeed : ISchemaProvider, ISnapshotCatalog, IChunkCache
{
    public const string Connection = "demo";

    private readonly SchemaRevision _schema = new([TestTables.Invoices, TestTables.Lines, TestTables.Values]);

    public IReadOnlyCollection<string> Connections => [Connection];

    /// <summary>Never raised: the schema stays as it is.</summary>
    public event Action<string>? Changed
    {
        add { }
        remove { }
    }

    /// <summary>Never raised: there are no chunks to be damaged.</summary>
    public event Action<TableId>? Damaged
    {
        add { }
        remove { }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("coupa-gateway-fuzz-").FullName;

    public SchemaRevision? Find(string connection) => connection == Connection ? _schema : null;

    public TableManifest? FindCurrent(TableId table) => _schema.TryGetTable(table.Table, out var found) && _schema.Tables.Contains(found)
        ? new() { Table = table, Version = 1, SchemaFingerprint = found.Fingerprint, Chunks = [], CommittedAt = DateTimeOffset.UnixEpoch }
        : null;

    public ValueTask<TableManifest?> FindVersionAsync(TableId table, long version, CancellationToken cancellationToken) =>
        ValueTask.FromResult(version == 1 ? FindCurrent(table) : null);

    public IReadOnlyCollection<TableManifest> ListCurrent(string connection) => [.. _schema.Tables.Select(table => FindCurrent(new(Connection, table.Name))!)];

    public bool IsDamaged(TableId table) => false;

    public void ReportDamaged(TableId table, long version) => throw new InvalidOperationException("A table without chunks cannot lack one.");

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ChunkLease([], static () => { }));
}
