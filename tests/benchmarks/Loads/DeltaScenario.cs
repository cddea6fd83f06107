using System.Collections.Immutable;
using System.Diagnostics;
using CoupaGateway.Coupa.Clocks;
using CoupaGateway.Coupa.Tenants;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Sync;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Benchmarks.Loads;

/// <summary>
/// A delta of one percent of 1 M parents with 5 M nested rows, evenly over all ids, which is the worst case: every chunk is written anew. From the last
/// page to the commit, and until another process sees it. On a real redis-server.
/// </summary>
internal sealed class DeltaScenario : IScenario
{
    private const string Connection = "benchmark";

    private static readonly int Parents = int.TryParse(Environment.GetEnvironmentVariable("BENCHMARK_PARENTS"), out var parents) ? parents : 1_000_000;

    public string Name => "delta";

    public async Task RunAsync(TextWriter report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupa-gateway-benchmark-delta-");
        await using var redis = await LocalRedis.StartAsync(cancellationToken);
        try
        {
            var schema = Schema();
            await using var worker = Services(redis, Path.Combine(folder.FullName, "worker"), schema);
            await using var reader = Services(redis, Path.Combine(folder.FullName, "reader"), schema);
            await ActivatorUtilities.CreateInstance<CatalogFollower>(reader).StartAsync(cancellationToken);

            var loader = worker.GetRequiredService<ConnectionLoader>();
            var source = (ChangingSource)worker.GetRequiredService<IRecordSourceFactory>();
            var catalog = reader.GetRequiredService<ISnapshotCatalog>();
            var connection = new ConnectionConfig(
                Connection, CoupaTenant.Create(new CoupaTenantOptions { Instance = new Uri("https://example.coupahost.com"), ClientId = "id", ClientSecret = "secret" }));
            foreach (var mode in new[] { LoadMode.Full, LoadMode.Delta })
            {
                var watch = Stopwatch.StartNew();
                if ((await loader.LoadAsync(connection, schema, ["orders"], mode, cancellationToken)).Count > 0)
                    throw new InvalidOperationException("The load failed; its log says why.");

                var merged = TimeProvider.System.GetElapsedTime(source.LastPageAt);
                var version = (await worker.GetRequiredService<ISnapshotStore>().ReadCurrentAsync(new TableId(Connection, "orders"), cancellationToken))!.Version;
                while (catalog.FindCurrent(new TableId(Connection, "orders"))?.Version != version)
                    await Task.Delay(5, cancellationToken);

                var seen = TimeProvider.System.GetElapsedTime(source.LastPageAt) - merged;
                using var process = Process.GetCurrentProcess();
                await report.WriteLineAsync(
                    $"{mode,-6} {Parents:N0} parents: {watch.Elapsed.TotalSeconds,6:F1} s in all, committed {merged.TotalSeconds:F1} s after the last page, seen by another process {seen.TotalMilliseconds:F0} ms later, memory {process.WorkingSet64 / 1e6:F0} MB (peak {process.PeakWorkingSet64 / 1e6:F0} MB, source included)");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider Services(LocalRedis redis, string folder, SchemaRevision schema)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cache:Redis"] = redis.ConnectionString,
            ["Cache:Folder"] = folder,
            ["Chunks:Folder"] = Path.Combine(folder, "staging"),
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IRecordSourceFactory>(new ChangingSource(Parents, changedShare: 100));
        services.AddSingleton<ISchemaProvider>(new FixedSchema(Connection, schema));
        services.AddSingleton<IInstanceClocks>(new InstanceClocks(TimeProvider.System));
        services.AddSnapshots(configuration);
        services.AddSync(configuration);
        return services.BuildServiceProvider();
    }

    private static SchemaRevision Schema()
    {
        var orders = new TableSchema
        {
            Name = "orders",
            Resource = new ResourceSchema { Path = "/api/orders", Scope = "core.test.read" },
            Columns = [Key("id"), Text("number"), Text("status"), Text("supplier"), Number("total"), .. PositionAndChange()],
        };
        var lines = new TableSchema
        {
            Name = "lines",
            Parent = "orders",
            Ancestors = ["orders"],
            NestedPath = ["lines"],
            Columns =
            [
                new() { Name = "orders_id", Type = ColumnType.Int64, Kind = ColumnKind.AncestorKey, Ancestor = "orders", IsKey = true },
                Key("id"), Text("description"), Number("quantity"), Number("price"), Text("status"), .. PositionAndChange(),
            ],
        };
        return new SchemaRevision([orders, lines]);
    }

    private static ColumnSchema Key(string name) => new() { Name = name, Type = ColumnType.Int64, Path = [name], IsKey = true };

    private static ColumnSchema Text(string name) => new() { Name = name, Type = ColumnType.String, Path = [name] };

    private static ColumnSchema Number(string name) => new() { Name = name, Type = ColumnType.Decimal, Path = [name] };

    private static ImmutableArray<ColumnSchema> PositionAndChange() =>
    [
        new() { Name = SystemColumns.Position, Type = ColumnType.Int64, Kind = ColumnKind.Position },
        new() { Name = SystemColumns.ChangedAt, Type = ColumnType.DateTime, Kind = ColumnKind.ChangedAt },
    ];
}
