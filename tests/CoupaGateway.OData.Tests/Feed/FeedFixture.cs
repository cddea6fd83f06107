using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Rows;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using DuckDB.NET.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>The feed on a real Kestrel, over Parquet chunks that DuckDB wrote: a connection <c>demo</c> with the tables of <see cref="TestTables"/>.</summary>
public sealed class FeedFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feed-tests-").FullName;
    private WebApplication? _app;
    private Action<IServiceCollection>? _configure;

    internal FakeCatalog Catalog { get; } = new();

    /// <summary>Chunks that were opened, in their order.</summary>
    internal ConcurrentQueue<string> Opened { get; } = [];

    internal SchemaRevision Schema { get; set; } = TestTables.Schema;

    internal IServiceProvider Services => _app!.Services;

    public HttpClient Client { get; private set; } = null!;

    public string Root => $"{Client.BaseAddress}odata/demo";

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A feed with other options than the shared one.</summary>
    internal static async Task<FeedFixture> StartAsync(Action<IServiceCollection> configure)
    {
        var feed = new FeedFixture { _configure = configure };
        await feed.InitializeAsync();
        return feed;
    }

    public async ValueTask InitializeAsync()
    {
        await LoadAsync(TestTables.Invoices, TestTables.InvoiceRows, chunkRows: 4);
        await LoadAsync(TestTables.Lines, TestTables.LineRows, chunkRows: 3);
        await LoadAsync(TestTables.Values, TestTables.ValueRows, chunkRows: 100);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<ISchemaProvider>(new Provider(this));
        builder.Services.AddSingleton<ISnapshotCatalog>(Catalog);
        builder.Services.AddSingleton<IChunkCache>(new FolderCache(_folder, this));
        builder.Services.AddODataFeeds(builder.Configuration);
        builder.Services.Configure<FeedOptions>(static options => options.MaxPageSize = 1_000);

        // Which chunks are opened is what many tests look at: PointTests is about lookups that open none.
        builder.Services.Configure<QueryOptions>(static options => options.LookupMemory = 0);
        _configure?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapODataFeeds();
        await _app.StartAsync(Stop);
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First() + "/") };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) ? path : $"{Root}/{path}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, Stop);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string contentType, byte[] body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Root}/{path}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, Stop);
    }

    /// <summary>The JSON of a successful answer.</summary>
    public async Task<JsonElement> JsonAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(path, headers);
        var text = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The ids of all rows that a query gives, page after page.</summary>
    /// <param name="pageSize">Rows of a page; null for as many as the feed gives.</param>
    public async Task<List<long>> IdsAsync(string path, string column = "id", int? pageSize = null) =>
        [.. (await RowsAsync(path, pageSize is null ? [] : [("Prefer", $"odata.maxpagesize={pageSize}")])).Select(row => row.GetProperty(column).GetInt64())];

    /// <summary>All rows that a query gives, page after page.</summary>
    public async Task<List<JsonElement>> RowsAsync(string path, params (string Name, string Value)[] headers)
    {
        var rows = new List<JsonElement>();
        for (var next = path; next is not null;)
        {
            var page = await JsonAsync(next, headers);
            rows.AddRange(page.GetProperty("value").EnumerateArray());
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        return rows;
    }

    /// <summary>Commits a new version of a table, its rows given as SQL.</summary>
    internal async Task LoadAsync(TableSchema table, string rows, int chunkRows, TableSchema? writtenAs = null)
    {
        var stored = writtenAs ?? table;
        var types = string.Join(", ", stored.Columns.Select(static column => $"\"{column.Name}\" {StorageTypes.DuckDbName(column.Type)}"));
        var order = string.Join(", ", stored.Key.Select(static column => $"\"{column.Name}\""));
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(Stop);
        await ExecuteAsync(connection, $"CREATE TABLE t ({types}); INSERT INTO t {rows}; CREATE TABLE s AS SELECT *, (row_number() OVER (ORDER BY {order}) - 1) // {chunkRows} AS part FROM t");
        var key = stored.Key[0].Name;
        var parts = Convert.ToInt64(await ScalarAsync(connection, "SELECT coalesce(max(part) + 1, 0) FROM s"), CultureInfo.InvariantCulture);
        var chunks = new List<ChunkInfo>();
        for (long part = 0; part < parts; part++)
        {
            var temporary = Path.Combine(_folder, $"{Guid.NewGuid():N}.tmp");
            await ExecuteAsync(connection, $"COPY (SELECT * EXCLUDE part FROM s WHERE part = {part} ORDER BY {order}) TO '{temporary}' (FORMAT parquet)");
            var bytes = await File.ReadAllBytesAsync(temporary, Stop);
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            File.Move(temporary, Path.Combine(_folder, hash), overwrite: true);
            chunks.Add(new(
                hash,
                Convert.ToInt64(await ScalarAsync(connection, $"SELECT count(*) FROM s WHERE part = {part}"), CultureInfo.InvariantCulture),
                bytes.Length,
                Convert.ToInt64(await ScalarAsync(connection, $"SELECT min(\"{key}\") FROM s WHERE part = {part}"), CultureInfo.InvariantCulture),
                Convert.ToInt64(await ScalarAsync(connection, $"SELECT max(\"{key}\") FROM s WHERE part = {part}"), CultureInfo.InvariantCulture)));
        }

        Catalog.Commit(new("demo", table.Name), stored, [.. chunks]);
    }

    internal void Lose(string hash) => File.Delete(Path.Combine(_folder, hash));

    private static async Task ExecuteAsync(DuckDBConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<object?> ScalarAsync(DuckDBConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Stop);
    }

    private sealed class Provider(FeedFixture fixture) : ISchemaProvider
    {
        public IReadOnlyCollection<string> Connections => ["demo"];

        public event Action<string>? Changed
        {
            add { }
            remove { }
        }

        public SchemaRevision? Find(string connection) => connection == "demo" ? fixture.Schema : null;
    }

    private sealed class FolderCache(string folder, FeedFixture fixture) : IChunkCache
    {
        public string Folder => folder;

        public ValueTask<ChunkLease> OpenAsync(TableId table, IReadOnlyList<ChunkInfo> chunks, CancellationToken cancellationToken)
        {
            foreach (var chunk in chunks.Where(chunk => !File.Exists(Path.Combine(folder, chunk.Hash))))
                throw new ChunkMissingException(table, chunk.Hash, "it was deleted");

            foreach (var chunk in chunks)
                fixture.Opened.Enqueue(chunk.Hash);
            return ValueTask.FromResult(new ChunkLease([.. chunks.Select(chunk => Path.Combine(folder, chunk.Hash))], static () => { }));
        }
    }

    internal sealed class FakeCatalog : ISnapshotCatalog
    {
        private readonly ConcurrentDictionary<(TableId, long), TableManifest> _versions = [];
        private readonly ConcurrentDictionary<TableId, TableManifest> _current = [];
        private readonly ConcurrentDictionary<TableId, long> _damaged = [];

        public event Action<TableId>? Damaged;

        /// <summary>When the next versions are committed.</summary>
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public TableManifest? FindCurrent(TableId table) => _current.GetValueOrDefault(table);

        public ValueTask<TableManifest?> FindVersionAsync(TableId table, long version, CancellationToken cancellationToken) =>
            ValueTask.FromResult(_versions.GetValueOrDefault((table, version)));

        public void Commit(TableId table, TableSchema stored, System.Collections.Immutable.ImmutableArray<ChunkInfo> chunks)
        {
            var manifest = new TableManifest
            {
                Table = table,
                Version = (FindCurrent(table)?.Version ?? 0) + 1,
                SchemaFingerprint = stored.Fingerprint,
                Pseudonyms = stored.PseudonymSignatures,
                Chunks = chunks,
                CommittedAt = Now,
            };
            _versions[(table, manifest.Version)] = manifest;
            _current[table] = manifest;
        }

        /// <summary>Says since when the newest version has everything.</summary>
        public void Drop(TableId table, DateTimeOffset completeSince) => _current[table] = _current[table] with { CompleteSince = completeSince };

        /// <summary>Says up to when the newest version has what Coupa has.</summary>
        public void Touch(TableId table, DateTimeOffset watermark) => _current[table] = _current[table] with { Watermark = watermark };

        public IReadOnlyCollection<TableManifest> ListCurrent(string connection) => [.. _current.Values.Where(manifest => manifest.Table.Connection == connection)];

        public bool IsDamaged(TableId table) => _damaged.ContainsKey(table);

        public void ReportDamaged(TableId table, long version)
        {
            _damaged[table] = version;
            Damaged?.Invoke(table);
        }

        public Task WaitUntilLoadedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Forget(TableId table, long version) => _versions.TryRemove((table, version), out _);
    }
}
