using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Leases;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>The project as the host registers it, with sources and a store that tests can look into.</summary>
internal sealed class LoadingBench : IRecordSourceFactory, ISchemaProvider, IConnectionProvider, IPseudonymKeyring, IDisposable
{
    public const string Connection = "test";

    private readonly bool _ownsStore;
    private readonly string _staging = Directory.CreateTempSubdirectory("staging").FullName;

    public LoadingBench(SchemaRevision schema, params (string Key, string Value)[] settings)
        : this(schema, new MemoryStore(), new MemoryState(), TimeProvider.System, settings)
    {
        _ownsStore = true;
    }

    /// <summary>A further process over the same store.</summary>
    public LoadingBench(SchemaRevision schema, MemoryStore store, MemoryState state, TimeProvider time, params (string Key, string Value)[] settings)
    {
        (Schema, Store, State) = (schema, store, state);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Chunks:Folder", _staging), .. settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))])
            .Build();
        Services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IRecordSourceFactory>(this)
            .AddSingleton<ISchemaProvider>(this)
            .AddSingleton<IPseudonymKeyring>(this)
            .AddSingleton<IConnectionProvider>(this)
            .AddSingleton<ISnapshotStore>(Store)
            .AddSingleton<IChunkCache>(Store)
            .AddSingleton<ISnapshotCatalog>(new MemoryCatalog(Store))
            .AddSingleton<ISyncStateStore>(State)
            .AddSingleton<IDocumentStore>(Documents)
            .AddSingleton<ISharedDocumentStore>(Shared)
            .AddSingleton<IDocumentFollower>(Shared)
            .AddSingleton<ILeaseStore>(Leases)
            .AddSingleton<IInstanceClocks>(_ => Clocks)
            .AddSingleton(time)
            .AddSync(configuration)
            .BuildServiceProvider();
        Config = new ConnectionConfig(Connection, CoupaTenant.Create(new CoupaTenantOptions { Instance = new Uri("https://example.coupahost.com"), ClientId = "id", ClientSecret = "secret" }));
    }

    public SchemaRevision Schema { get; set; }

    public PseudonymSecrets Secrets { get; init; } = PseudonymSecrets.None;

    public ConnectionConfig Config { get; }

    public ServiceProvider Services { get; }

    public FakeClocks Clocks { get; init; } = new();

    public MemoryStore Store { get; }

    public MemoryState State { get; }

    public MemoryDocuments Documents { get; init; } = new();

    public MemorySharedDocuments Shared { get; } = new();

    public MemoryLeases Leases { get; init; } = new();

    public Dictionary<string, FakeTenant> Tenants { get; init; } = [];

    public Dictionary<string, FakeSource> Sources { get; } = [];

    public IReadOnlyCollection<ConnectionConfig> Connections => [Config];

    IReadOnlyCollection<string> ISchemaProvider.Connections => [Connection];

    /// <summary>Never raised: neither changes.</summary>
    public event Action<string>? Changed
    {
        add { }
        remove { }
    }

    public SchemaRevision? Find(string connection) => connection == Connection ? Schema : null;

    public PseudonymSecrets Open(string connection) => Secrets;

    public IRecordSource Create(ConnectionConfig connection, TableSchema apiTable, RecordQuery query) =>
        Tenants.TryGetValue(apiTable.Name, out var tenant) ? tenant.Open(query) : Sources[apiTable.Name];

    public Task<IReadOnlyList<string>> LoadAsync(params string[] tables) => RunAsync(LoadMode.Full, tables);

    public Task<IReadOnlyList<string>> RunAsync(LoadMode mode, params string[] tables) =>
        Services.GetRequiredService<ConnectionLoader>().LoadAsync(Config, Schema, tables, mode, TestContext.Current.CancellationToken);

    public Task<LoadOutcome> RunAsync(FamilyJob job) => Services.GetRequiredService<ConnectionLoader>().RunAsync(job, TestContext.Current.CancellationToken);

    public FamilyJob Job(string table, LoadMode mode) => new()
    {
        RunId = Guid.NewGuid().ToString("N"),
        Connection = Config,
        Schema = Schema,
        Family = Schema.Family(table),
        Mode = mode,
        Tracker = Services.GetRequiredService<SyncProgress>().Start(Connection, table),
    };

    public Task<IReadOnlyList<string>> FindMissingAsync() =>
        Services.GetRequiredService<ConnectionLoader>().FindMissingAsync(Connection, Schema, TestContext.Current.CancellationToken);

    public TableProgress Progress(string table) => Services.GetRequiredService<ISyncProgress>().Snapshot().Single(progress => progress.Table == table);

    /// <summary>Files that were left in the staging folder. The one without an extension says that the folder is in use.</summary>
    public int Leftovers() => Directory.EnumerateFiles(_staging, "*", SearchOption.AllDirectories).Count(Path.HasExtension);

    public void Dispose()
    {
        Services.Dispose();
        if (_ownsStore)
            Store.Dispose();

        Directory.Delete(_staging, recursive: true);
    }
}
