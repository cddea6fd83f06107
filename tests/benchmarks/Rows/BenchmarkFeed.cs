using System.Collections.Immutable;
using CoupaGateway.OData.Paging;
using CoupaGateway.OData.Query;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>What the feed needs beside itself: one connection <c>bench</c> with the tables <c>invoices</c> and <c>invoice_lines</c>, all of whose chunks are on disk.</summary>
internal sealed class BenchmarkFeed(InvoiceTable table) : ISchemaProvider, ISnapshotCatalog, IChunkCache
{
    public const string Root = "/odata/bench";

    private const string Connection = "bench";
    private const string Table = "invoices";

    private readonly SchemaRevision _schema = new(
    [
        new TableSchema
        {
            Name = Table,
            Columns = [.. table.Columns.Select(static (column, index) => new ColumnSchema { Name = column.Name, Type = Enum.Parse<ColumnType>(column.Kind.ToString()), IsKey = index == 0 })],
        },
        LineTable.Schema,
    ]);

    private readonly ImmutableArray<ChunkInfo> _lines = LineTable.Open(table.Folder);

    private TableManifest Manifest => field ??= new()
    {
        Table = new(Connection, Table),
        Version = 1,
        SchemaFingerprint = _schema.Tables[0].Fingerprint,
        Chunks = table.Chunks,
        CommittedAt = DateTimeOffset.UnixEpoch,
    };

    private TableManifest Lines => field ??= Manifest with { Table = new(Connection, LineTable.Schema.Name), SchemaFingerprint = LineTable.Schema.Fingerprint, Chunks = _lines };

    public IReadOnlyCollection<string> Connections => [Connection];

    /// <summary>Never raised: the schema stays as it is.</summary>
    public event Action<string>? Changed
    {
        add { }
        remove { }
    }

    /// <summary>Never raised: nobody damages the chunks.</summary>
    public event Action<TableId>? Damaged
    {
        add { }
        remove { }
    }

    public string Folder => table.Folder;

    /// <summary>The address of a page in the middle of the table, as the feed itself gives it in the nextLink of the page before.</summary>
    public static string PageAfter(long id) => $"{Root}/{Table}?$skiptoken=" + SkipTokenCodec.TryEncode(new()
    {
        Version = 1,
        Query = SkipTokenCodec.QueryName(Table, QueryOptionSet.Parse(string.Empty)),
        PageSize = BenchmarkServer.PageSize,
        Last = [id],
    });

    public SchemaRevision? Find(string connection) => connection == Connection ? _schema : null;

    public TableManifest? FindCurrent(TableId id) => id == Manifest.Table ? Manifest : id == Lines.Table ? Lines : null;

    public ValueTask<TableManifest?> FindVersionAsync(TableId id, long version, CancellationToken cancellationToken) => ValueTask.FromResult(FindCurrent(id));

    public IReadOnlyCollection<TableManifest> ListCurrent(string connection) => [Manifest, Lines];

    public bool IsDamaged(TableId id) => false;

    public void ReportDamaged(TableId id, long version) => throw new InvalidOperationException("A chunk of the benchmark table is gone.");

    public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<ChunkLease> OpenAsync(TableId id, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ChunkLease([.. chunks.Select(chunk => Path.Combine(Folder, chunk.Hash))], static () => { }));
}
