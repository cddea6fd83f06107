using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>The project as the host registers it, with sources and a store that tests can look into.</summary>
internal sealed class LoadingBench : IRecordSourceFactory, ISchemaProvider, IConnectionProvider, IDisposable
{
    public const string Connection = "test";

    private readonly string _staging = Directory.CreateTempSubdirectory("staging").FullName;

    public LoadingBench(SchemaRevision schema, params (string Key, string Value)[] settings)
    {
        Schema = schema;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Chunks:Folder", _staging), .. settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))])
            .Build();
        Services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IRecordSourceFactory>(this)
            .AddSingleton<ISchemaProvider>(this)
            .AddSingleton<IConnectionProvider>(this)
            .AddSingleton<ISnapshotStore>(Store)
            .AddSingleton<IChunkCache>(Store)
            .AddSync(configuration)
            .BuildServiceProvider();
        Config = new ConnectionConfig(Connection, CoupaTenant.Create(new CoupaTenantOptions { Instance = new Uri("https://example.coupahost.com"), ClientId = "id", ClientSecret = "secret" }));
    }

    public SchemaRevision Schema { get; set; }

    public ConnectionConfig Config { get; }

    public ServiceProvider Services { get; }

    public MemoryStore Store { get; } = new();

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

    public IRecordSource Create(ConnectionConfig connection, TableSchema apiTable) => Sources[apiTable.Name];

    public Task<IReadOnlyList<string>> LoadAsync(params string[] tables) =>
        Services.GetRequiredService<ConnectionLoader>().LoadAsync(Config, Schema, tables, TestContext.Current.CancellationToken);

    public Task<IReadOnlyList<string>> FindMissingAsync() =>
        Services.GetRequiredService<ConnectionLoader>().FindMissingAsync(Connection, Schema, TestContext.Current.CancellationToken);

    public TableProgress Progress(string table) => Services.GetRequiredService<ISyncProgress>().Snapshot().Single(progress => progress.Table == table);

    /// <summary>Files that were left in the staging folder. The one without an extension says that the folder is in use.</summary>
    public int Leftovers() => Directory.EnumerateFiles(_staging, "*", SearchOption.AllDirectories).Count(Path.HasExtension);

    public void Dispose()
    {
        Services.Dispose();
        Store.Dispose();
        Directory.Delete(_staging, recursive: true);
    }
}
